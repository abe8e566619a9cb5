import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEngineLock, venvPython } from '../../../native/index.ts';
import { clientIds } from '../../clients/clients.ts';
import { defaultFolders, removeCells } from '../../run/folders.ts';
import { loadScenarios } from '../../scenario/index.ts';
import { Explorer } from '../explorer.ts';
import type { SweepCase } from './case.ts';
import { planSweep } from './plan.ts';
import { runSweep } from './run-sweep.ts';

const folders = defaultFolders();
let cases: SweepCase[];
let findings: string;
beforeAll(async () => {
  findings = await mkdtemp(path.join(os.tmpdir(), 'sweep-'));
  const scenarios = await loadScenarios(folders.scenarios, { glob: 'turns/plain-message' });
  const plan = await planSweep(scenarios, folders.goldens);
  const at = (fault: string, message: string) =>
    plan.cases.find((one) => one.id.startsWith(`sweep/${fault}/${message}/`)) as SweepCase;
  cases = [
    at('none', 'initialize'),
    at('garbage-line', 'turn-started'),
    at('closed-stdout', 'turn-started'),
    at('twice', 'item-completed-agent-message'),
  ];
});
afterAll(async () => {
  await removeCells(folders);
  await rm(findings, { recursive: true });
});

/** Sweeps the cases with our client, changed as given. */
async function sweepWith(...changes: readonly [from: string, to: string][]) {
  const file = path.join(folders.repository, 'sdk/rpc/connection.ts');
  const text = await readFile(file, 'utf8');
  const changed = changes.reduce((all, [from, to]) => all.replace(from, to), text);
  if (changes.length > 0) expect(changed).not.toBe(text);
  const { signal } = new AbortController();
  const explorer = await Explorer.open({
    ...{ repository: folders.repository, ledger: folders.ledger, engineVersion: readEngineLock().pin },
    ...{ python: venvPython(folders.repository), jobs: 1, signal },
    folder: path.join(folders.cells, `sweep-${changes.length}`),
    sources: new Map(changes.length > 0 ? [[file, changed]] : []),
  });
  try {
    const repeatOf = (id: string) => `sweep --only ${id}`;
    return await runSweep({
      ...{ cases, explorer, present: clientIds, jobs: 1, findings, repeatOf, onCase: () => undefined, signal },
    });
  } finally {
    await explorer.close();
  }
}

test('our client does what Python does, whatever the engine does wrong', async () => {
  const swept = await sweepWith();
  expect(
    swept.map(
      ({ fault, verdict, what }) =>
        `${fault} ${verdict}${what === undefined || verdict === 'different' ? '' : `: ${what}`}`,
    ),
  ).toEqual(['closed-stdout same', 'garbage-line same', 'none same', 'twice same']);
  expect(swept[0]?.players).toEqual(['python', 'python-async', 'ts']);
}, 120_000);

test('a client that swallows a bad line and waits for an engine that is gone is found, with a scenario that shows it', async () => {
  const swept = await sweepWith(
    ['if (line.terminated) this.#lose(error);', 'if (line.terminated) void error;'],
    [
      'onClosed: (cause) => this.#onClosed(ownError(cause))',
      'onClosed: (cause) => this.#closing && this.#onClosed(ownError(cause))',
    ],
  );
  expect(
    swept.map(
      ({ fault, verdict, what }) =>
        `${fault} ${verdict}${what === undefined || verdict === 'different' ? '' : `: ${what}`}`,
    ),
  ).toEqual(['closed-stdout different', 'garbage-line different', 'none same', 'twice same']);
  expect(swept.map(({ what }) => what).slice(0, 2)).toEqual([
    'waits for an engine that is gone: t.run (step 1)',
    expect.stringMatching(/^(?:waits for an engine that is gone|missing error:t\.run)/),
  ]);
  const [found] = await loadScenarios(findings, { glob: cases[2]?.id ?? '' });
  expect(found).toMatchObject({ id: cases[2]?.id, script: expect.arrayContaining([{ close: 'stdout' }]) });
  expect(await readFile(swept[0]?.file ?? '', 'utf8')).toContain(`# sweep --only ${cases[2]?.id}`);
}, 120_000);
