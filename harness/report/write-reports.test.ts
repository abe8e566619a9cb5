import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkJson } from '../data/schemas.ts';
import { defaultFolders } from '../run/folders.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { githubRun } from './ci/github-run.ts';
import { event, SampleRun } from './test-fixtures/sample-run.ts';
import { writeReports } from './write-reports.ts';

let out: string;
beforeEach(async () => {
  out = await mkdtemp(path.join(os.tmpdir(), 'outputs-'));
});
afterEach(() => rm(out, { recursive: true }));

const call = (op: string) => ({ lane: 'user/main', ch: 'call' as const, key: op, body: {} });

/** A run in which the second call of its one scenario gave too much. */
async function write(env: NodeJS.ProcessEnv) {
  const folders = defaultFolders(out);
  const run = new SampleRun();
  const scenario: LoadedScenario = {
    ...{ id: 'turns/one/a', title: 'One', family: 'app-server', covers: [], expandedFrom: 'turns/one' },
    ...{ file: path.join(folders.scenarios, 'faults', 'crlf.yaml'), idLine: 2 },
    steps: [{ call: 't.turn' }, { call: 't.read' }],
    stepLines: [8, 9],
  };
  run.golden(scenario.id, [call('t.turn'), call('t.read')]);
  run.cell({ scenario: scenario.id, client: 'ts', engine: 'real' }, [
    call('t.turn'),
    call('t.read'),
    event('odd', {}, 'user/main'),
  ]);
  return writeReports({ ...run.input(), scenarios: [scenario], folders }, githubRun(env));
}

test("a run's files are its summary with the schema, the report, JUnit and the badge; outside a workflow nothing is marked", async () => {
  const stepSummary = path.join(out, 'step.md');
  const names = ['badge.json', 'badge.svg', 'junit.xml', 'report.html', 'summary.json', 'summary.schema.json'];
  // Of an earlier run: none of it may be taken for this one's.
  for (const name of names) await writeFile(path.join(out, name), 'stale');
  expect(await write({ GITHUB_STEP_SUMMARY: stepSummary })).toEqual([]);
  expect(await readdir(out)).toEqual(names);
  for (const name of names) expect(await readFile(path.join(out, name), 'utf8'), name).not.toBe('stale');
  expect(JSON.parse(await readFile(path.join(out, 'badge.json'), 'utf8'))).toMatchObject({
    message: '1 compared, 0 equal, 0 known, 1 different',
    color: 'red',
  });
  const schema = JSON.parse(await readFile(path.join(out, 'summary.schema.json'), 'utf8')) as { required: string[] };
  expect(checkJson({}, 'summary')).toHaveLength(schema.required.length);
});

test('in a workflow the failing step is marked, and the summary is added to what the step has said', async () => {
  const stepSummary = path.join(out, 'step.md');
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: stepSummary };
  const [annotation, ...more] = await write(env);
  expect(more).toEqual([]);
  expect(annotation).toMatchObject({
    ...{ file: 'fixtures/scenarios/faults/crlf.yaml', line: 9 },
    title: expect.stringMatching(/^mismatch in turns\/one\/a: ts/),
  });
  await write(env);
  const text = await readFile(stepSummary, 'utf8');
  expect(text.match(/^## ❌ Parity/gm)).toHaveLength(2);
  expect(text).toContain('`fixtures/scenarios/faults/crlf.yaml:9`');
});

test('a workflow without a place for summaries has its annotations nonetheless', async () => {
  expect(await write({ GITHUB_ACTIONS: 'true' })).toHaveLength(1);
});

test('a summary that cannot be written says which variable names it', async () => {
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path.join(out, 'none', 'step.md') };
  await expect(write(env)).rejects.toThrow(/cannot write .*step\.md, which GITHUB_STEP_SUMMARY names/);
});
