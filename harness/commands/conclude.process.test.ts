import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import type { CellPlan, Verdict } from '../cell/types.ts';
import { clientIds, engineKinds } from '../clients/clients.ts';
import { WireChecker } from '../contract/check-wire.ts';
import { loadContract } from '../contract/load-contract.ts';
import { defaultFolders } from '../run/folders.ts';
import type { RunResult } from '../run/run-result.ts';
import type { Environment, JudgedRun } from '../summary/finish-run.ts';
import type { Summary } from '../summary/summary.ts';
import { conclude } from './conclude.ts';
import { RunProgress, tellDoing } from './progress.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

let out: string;
let environment: Environment;
beforeEach(async () => {
  out = await mkdtemp(path.join(os.tmpdir(), 'conclude-'));
  const checker = new WireChecker(await loadContract());
  environment = {
    folders: defaultFolders(out),
    python: undefined,
    ledger: [],
    checker,
    library: { ids: [], scenarios: [] },
  };
});
afterEach(() => rm(out, { recursive: true }));

/** A run of one cell. */
function judged(verdict: Verdict, points: ['errorCodes -32700'] | [] = []): JudgedRun {
  const cell = { scenario: 'none/such', client: 'ts', engine: 'real' } as const;
  const result: RunResult = {
    ...{ schemaVersion: 1, platform: process.platform, begun: '2026-01-01T00:00:00.000Z', commit: null, dirty: true },
    ...{ inputs: {}, engine: { version: '0.163.0', sha256: 'fake' }, clients: [], shard: null, interrupted: false },
    request: { scenario: 'none/such', family: null, clients: ['ts'], engines: ['real'], offline: true, rounds: 1 },
    ...{ durationMs: 1, jobs: 1 },
    results: [sampleCell({ ...cell, verdict })],
  };
  return { result, observations: new Map(), coverage: [{ ...cell, points }] };
}

test('a run that covers what is excluded fails, whatever its cells say', async () => {
  const { terminal, out: lines } = saidTerminal();
  expect(await conclude(judged('match'), environment, terminal)).toBe(0);
  expect(await conclude(judged('match', ['errorCodes -32700']), environment, terminal)).toBe(1);
  const { problems } = JSON.parse(await readFile(path.join(out, 'summary.json'), 'utf8')) as Summary;
  expect(problems).toEqual(['exclusion of coverage: errorCodes -32700 is excluded, but errorCodes -32700 is covered']);
  expect(lines.at(-1)).toBe('1 passed, 1 failed');
});

test('a run that is not whole is not green, and neither is one that judged nothing, unless it is a shard', async () => {
  const { terminal, out: lines } = saidTerminal();
  const ends = (verdict: Verdict, over: Partial<RunResult>) => {
    const run = judged(verdict);
    return conclude({ ...run, result: { ...run.result, ...over } }, environment, terminal);
  };
  expect(await ends('match', { interrupted: true })).toBe(1);
  expect(lines).toContain('interrupted: not every cell ran');
  expect(await ends('not-applicable', {})).toBe(1);
  expect(await ends('not-applicable', { shard: { index: 1, count: 2 } })).toBe(0);
  expect(await ends('mismatch', { shard: { index: 1, count: 2 } })).toBe(1);
  expect(await ends('could-not-run', {})).toBe(1);
});

test('in a workflow a failing cell is an annotation; elsewhere it is not', async () => {
  const annotation = expect.stringMatching(
    /^::error file=fixtures\/scenarios\/none\/such\.yaml,line=1,title=mismatch in none\/such%3A ts/,
  );
  for (const github of [undefined, { stepSummary: undefined }]) {
    const { terminal, out: lines } = saidTerminal({ github });
    expect(await conclude(judged('mismatch'), environment, terminal)).toBe(1);
    expect(lines.filter((line) => line.startsWith('::'))).toEqual(github === undefined ? [] : [annotation]);
    // What has only the end of the output knows which cell it was.
    expect(lines.slice(-3)).toEqual(['Failed:', '  ✘ mismatch  none/such ts real', '0 passed, 1 failed']);
  }
});

test('a whole run that is green prints at most 60 lines outside of a terminal, a set-up from nothing and npm included', async () => {
  const { terminal, out: lines, notes } = saidTerminal();
  const results = Array.from({ length: 700 }, (_, at) =>
    clientIds.flatMap((client) => engineKinds.map((engine) => sampleCell({ scenario: `s/${at}`, client, engine }))),
  ).flat();
  const progress = new RunProgress(terminal, { total: results.length, verbose: false, begun: Date.now() });
  for (const result of results) {
    const plan = { scenario: { id: result.scenario }, client: result.client, engine: result.engine, round: 1 };
    progress.began(plan as CellPlan);
    progress.ended(plan as CellPlan, result);
  }
  progress.end();
  const measuring = tellDoing(terminal);
  for (let done = 0; done < 700; done += 1) measuring('measuring the sensitivity', { done, of: 700 });
  const run = judged('match');
  expect(await conclude({ ...run, result: { ...run.result, results } }, environment, terminal)).toBe(0);
  // npm prints a blank line, two lines about the script and a blank line.
  const banner = 4;
  const setUp = await setUpLines();
  expect(setUp).toBeGreaterThan(5);
  const printed = banner + setUp + notes.length + lines.length;
  expect(printed, [...notes, ...lines].join('\n')).toBeLessThanOrEqual(60);
  // And it says what it is about.
  expect(lines).toContainEqual(expect.stringMatching(/^ts against its reference: 1400 compared, 1400 equal/));
}, 60_000);

/** How many lines a set-up can print: each place that logs one. */
async function setUpLines(): Promise<number> {
  const folder = path.join(import.meta.dirname, '..', '..', 'scripts', 'bootstrap');
  const names = ['bootstrap', 'packages', 'python', 'engine', 'chromium'];
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, `${name}.mjs`), 'utf8')));
  return texts.join('').match(/\blog\(/g)?.length ?? 0;
}

test('failures are grouped by their first difference: how many, one in full, the names of others', async () => {
  const first = { kind: 'changed', lane: 'l', ch: 'event', key: 'k', path: 'event:k/items/3/x' } as const;
  const other = { ...first, path: 'event:k/items/0/x' };
  const run = judged('mismatch');
  const results = Array.from({ length: 9 }, (_, at) =>
    sampleCell({ scenario: `s/${at}`, verdict: 'mismatch', unexplained: [at % 2 === 0 ? first : other] }),
  );
  results.push(sampleCell({ scenario: 's/dead', verdict: 'could-not-run', reason: 'the driver ended' }));
  const { terminal, out: lines } = saidTerminal();
  expect(await conclude({ ...run, result: { ...run.result, results } }, environment, terminal)).toBe(1);
  expect(lines.filter((line) => /^\d+ cells?:/.test(line))).toEqual([
    '9 cells: mismatch, event:k/items/3/x differs',
    '1 cell: could-not-run, the driver ended',
  ]);
  expect(lines).toContain(`  the same in: ${[1, 2, 3, 4, 5].map((at) => `s/${at} ts real`).join(', ')}, and 3 more`);
  expect(lines.filter((line) => line.startsWith('  again:'))).toHaveLength(2);
  expect(lines).toContainEqual(expect.stringMatching(/^ts on real +0 +0 +0 +10 +0$/));
});

test.skipIf(process.platform === 'win32')(
  'a run of some scenarios waits for no comparison of the surfaces',
  async () => {
    // The repository without what earlier runs have kept, and a Python that says that it was asked.
    const { repository } = environment.folders;
    const copy = path.join(out, 'repository');
    const python = path.join(out, 'python');
    await mkdir(copy);
    for (const name of await readdir(repository))
      if (name !== '.cache') await symlink(path.join(repository, name), path.join(copy, name));
    await writeFile(python, '#!/bin/sh\necho asked >&2\nexit 1\n', { mode: 0o700 });
    const around = { ...environment, python, folders: { ...environment.folders, repository: copy } };
    const { terminal, notes } = saidTerminal();
    const part = judged('match');
    expect(await conclude(part, around, terminal)).toBe(0);
    expect(notes.join('\n')).not.toContain('surfaces');
    const whole = { ...part, result: { ...part.result, request: { ...part.result.request, scenario: null } } };
    await expect(conclude(whole, around, terminal)).rejects.toMatchObject({ cause: { stderr: 'asked' } });
  },
  60_000,
);
