import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import type { Verdict } from '../cell/types.ts';
import { WireChecker } from '../contract/check-wire.ts';
import { loadContract } from '../contract/load-contract.ts';
import { defaultFolders } from '../run/folders.ts';
import type { RunResult } from '../run/run-result.ts';
import type { Environment, JudgedRun } from '../summary/finish-run.ts';
import type { Summary } from '../summary/summary.ts';
import { conclude } from './conclude.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

let out: string;
let environment: Environment;
beforeEach(async () => {
  out = await mkdtemp(path.join(os.tmpdir(), 'conclude-'));
  const checker = new WireChecker(await loadContract());
  environment = { folders: defaultFolders(out), python: undefined, ledger: [], checker, everything: [] };
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

test('in a workflow a failing cell is an annotation; elsewhere it is not', async () => {
  const annotation = expect.stringMatching(
    /^::error file=fixtures\/scenarios\/none\/such\.yaml,line=1,title=mismatch in none\/such%3A ts/,
  );
  for (const github of [undefined, { stepSummary: undefined }]) {
    const { terminal, out: lines } = saidTerminal({ github });
    expect(await conclude(judged('mismatch'), environment, terminal)).toBe(1);
    expect(lines.filter((line) => line.startsWith('::'))).toEqual(github === undefined ? [] : [annotation]);
  }
});
