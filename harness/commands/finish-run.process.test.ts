import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { WireChecker } from '../contract/check-wire.ts';
import { loadContract } from '../contract/load-contract.ts';
import { defaultFolders } from '../run/folders.ts';
import type { RunResult } from '../run/run-result.ts';
import { finishRun } from './finish-run.ts';
import { printConclusion } from './print-conclusion.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

test('a run that covers what is excluded fails, whatever its cells say', async () => {
  const out = await mkdtemp(path.join(os.tmpdir(), 'finish-run-'));
  const { terminal, out: lines } = saidTerminal();
  const cell = { scenario: 'none/such', client: 'ts', engine: 'real' } as const;
  const result: RunResult = {
    ...{ schemaVersion: 1, platform: process.platform, begun: '2026-01-01T00:00:00.000Z', commit: null, dirty: true },
    ...{ inputs: {}, engine: { version: '0.163.0', sha256: 'fake' }, clients: [], shard: null, interrupted: false },
    request: { scenario: 'none/such', family: null, clients: ['ts'], engines: ['real'], offline: true, rounds: 1 },
    ...{ durationMs: 1, jobs: 1 },
    results: [{ ...cell, round: 1, verdict: 'match', unexplained: [], known: [], durationMs: 1, fired: {} }],
  };
  try {
    const folders = defaultFolders(out);
    const checker = new WireChecker(await loadContract());
    const around = { folders, python: undefined, ledger: [], checker, everything: [] };
    const judged = (points: ['errorCodes -32700'] | []) => ({
      ...{ result, observations: new Map(), coverage: [{ ...cell, points }] },
    });
    const well = await finishRun(judged([]), around, terminal);
    expect(printConclusion(well, result, folders, terminal)).toBe(0);
    const refuted = await finishRun(judged(['errorCodes -32700']), around, terminal);
    expect(refuted.summary.problems).toEqual([
      'exclusion of coverage: errorCodes -32700 is excluded, but errorCodes -32700 is covered',
    ]);
    expect(printConclusion(refuted, result, folders, terminal)).toBe(1);
    expect(lines.at(-1)).toBe('1 passed, 1 failed');
  } finally {
    await rm(out, { recursive: true });
  }
});
