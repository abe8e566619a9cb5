import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultFolders } from '../run/folders.ts';
import { readSources } from '../run/read-sources.ts';
import { type RunResult, writeRunResult } from '../run/run-result.ts';
import { readRuns } from './read-runs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'twinproof-runs-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('results are counted only with the sources that they were made with, each part of them', async () => {
  const { repository } = defaultFolders();
  const sources = await readSources(repository);
  const result: RunResult = {
    ...{ schemaVersion: 1, platform: process.platform, begun: '2026-01-01T00:00:00.000Z', ...sources },
    ...{ engine: { version: '1.0.0', sha256: 's' }, clients: [], shard: null, interrupted: false },
    request: { scenario: null, family: null, clients: ['ts'], engines: ['real'], offline: false, rounds: 1 },
    ...{ durationMs: 1, jobs: 1, results: [] },
  };
  const read = async (inputs: RunResult['inputs']) => {
    await writeRunResult(folder, { ...result, inputs });
    return (await readRuns([folder], repository)).result.results;
  };
  expect(await read(sources.inputs)).toEqual([]);
  expect(Object.keys(sources.inputs)).toEqual(expect.arrayContaining(['scenarios', 'goldens', 'ledger', 'code']));
  for (const part of Object.keys(sources.inputs))
    await expect(read({ ...sources.inputs, [part]: 'another' })).rejects.toThrow(`expected the same ${part} here`);
});
