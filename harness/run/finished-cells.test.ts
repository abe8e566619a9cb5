import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeObservation } from '../observation/observation-file.ts';
import type { Observation } from '../observation/types.ts';
import { FinishedCells } from './finished-cells.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'twinproof-finished-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const raw = path.join(folder, 'raw', 'turns', 'x', 'ts.real.jsonl');
const observation = { header: { kind: 'observation', scenario: 'turns/x' }, lines: [] } as unknown as Observation;

test('a finished cell is read by the run that continues, as long as nothing that decides it has changed', async () => {
  const first = await FinishedCells.open(folder, 'a', false);
  expect(await first.read(raw)).toBeUndefined();
  await writeObservation(raw, observation);
  await first.add(raw);
  await first.took(1200);
  const next = await FinishedCells.open(folder, 'a', true);
  expect(await next.read(raw)).toEqual(observation);
  expect(next.earlierMs).toBe(1200);
  expect(await (await FinishedCells.open(folder, 'b', true)).read(raw)).toBeUndefined();
  writeFileSync(raw, '{"kind":"obs');
  expect(await next.read(raw)).toBeUndefined();
  expect(await (await FinishedCells.open(folder, 'a', false)).read(raw)).toBeUndefined();
});

test('a run that begins anew has nothing of the one before, for those after it too; times add up', async () => {
  const own = path.join(folder, 'anew');
  const [one, two] = ['one', 'two'].map((name) => path.join(own, 'raw', `${name}.jsonl`)) as [string, string];
  for (const file of [one, two]) await writeObservation(file, observation);
  const first = await FinishedCells.open(own, 'a', false);
  await first.add(one);
  await first.took(1000);
  await first.took(20.4);
  const next = await FinishedCells.open(own, 'a', true);
  expect(next.earlierMs).toBe(1020);
  const fresh = await FinishedCells.open(own, 'a', false);
  expect([await fresh.read(one), fresh.earlierMs]).toEqual([undefined, 0]);
  await fresh.add(two);
  const last = await FinishedCells.open(own, 'a', true);
  expect([await last.read(one), await last.read(two), last.earlierMs]).toEqual([undefined, observation, 0]);
});

test('a list that cannot be read is an error, and no empty one', async () => {
  const own = path.join(folder, 'broken');
  mkdirSync(path.join(own, 'finished.txt'), { recursive: true });
  await expect(FinishedCells.open(own, 'a', true)).rejects.toThrow('EISDIR');
});
