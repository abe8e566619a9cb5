import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunResult } from '../run/run-result.ts';
import type { Summary } from '../summary/summary.ts';
import { merge } from './merge.ts';
import { run } from './run.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

// `exec/faults/no-event/*` is one ledger entry, and its scenarios fall into different shards.
const scenario = 'exec/faults/no-event/*,faults/{bom,unknown-status},turns/two-turns';
const entry = 'exec-ts-no-event';
const dirs = [1, 2, 3, 4].map((index) => `shard-${index}`);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'twinproof-merge-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const { terminal, out: lines } = saidTerminal();
const at = (...names: string[]) => path.join(folder, ...names);
const read = async <T>(...names: string[]) => JSON.parse(await readFile(at(...names), 'utf8')) as T;
const some = { scenario, offline: true, jobs: '2' };

it('four shards, merged, are the whole run; what no shard can judge is judged then', async () => {
  expect(await run({ ...some, out: at('whole') }, terminal), lines.join('\n')).toBe(0);
  for (const [index, dir] of dirs.entries())
    expect(await run({ ...some, shard: `${index + 1}/4`, out: at(dir) }, terminal), lines.join('\n')).toBe(0);
  const shards = dirs.map((dir) => at(dir));
  expect(await merge({ dirs: shards, out: at('merged') }, terminal), lines.join('\n')).toBe(0);

  const { durationMs: _, begun: _begun, phases, ...whole } = await read<Summary>('whole', 'summary.json');
  const { durationMs: __, begun: __begun, ...merged } = await read<Summary>('merged', 'summary.json');
  expect(merged).toEqual(whole);
  expect(phases?.cells).toBeGreaterThan(0);
  expect(await cells('merged')).toEqual(await cells('whole'));
  expect(await readFile(at('merged', 'raw', 'turns', 'two-turns', 'ts.fake.jsonl'), 'utf8')).toContain('"observation"');
  expect(untimed(await readFile(at('merged', 'junit.xml'), 'utf8'))).toBe(
    untimed(await readFile(at('whole', 'junit.xml'), 'utf8')),
  );

  // The difference no longer occurs: in every shard, but that is known only of all.
  for (const dir of dirs) {
    const result = await read<RunResult>(dir, 'run-result.json');
    const without = result.results.map((cell) => ({ ...cell, known: cell.known.filter(({ id }) => id !== entry) }));
    await writeFile(at(dir, 'run-result.json'), JSON.stringify({ ...result, results: without }));
  }
  expect(await merge({ dirs: shards, out: at('merged') }, terminal)).toBe(1);
  const { ledger, verdicts } = await read<Summary>('merged', 'summary.json');
  expect(ledger.problems).toEqual([expect.stringContaining(`${entry}: `)]);
  expect(verdicts.staleKnownDifference).toBeGreaterThan(1);

  await expect(merge({ dirs: shards.slice(1), out: at('merged') }, terminal)).rejects.toThrow('shard 1/4 is missing');
}, 300_000);

const cells = async (dir: string) =>
  (await read<RunResult>(dir, 'run-result.json')).results.map(({ durationMs: _, ...cell }) => cell);
const untimed = (xml: string) => xml.replace(/time="[^"]*"/g, '');
