import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BaselineCache, type KeptCell } from './baseline-cache.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'baseline-'));
});
afterEach(() => rm(folder, { recursive: true }));

const cell: KeptCell = { scenario: 'turns/a', client: 'ts', texts: ['the scenario', 'its golden'] };
const run = { outcome: 'pass', durationMs: 12.5, reached: { 3: 1, 7: 20 } };
const texts = { worker: 'a', fake: 'b', code: 'c' };
const open = (own: Record<string, string> = texts, mutators: 'own' | 'stryker' = 'own') =>
  BaselineCache.open(folder, mutators, Object.entries(own));

async function keep() {
  const cache = await open();
  cache.add(cell, run, ['9']);
  await cache.write();
}

test('a run is found again as it was, and what loading reaches', async () => {
  await keep();
  const cache = await open();
  expect(cache.find(cell)).toEqual(run);
  expect([...cache.static]).toEqual(['9']);
});

test.each(Object.keys(texts))(
  'after another %s nothing is found, and the file of the earlier one is gone',
  async (name) => {
    await keep();
    const [before] = await readdir(folder);
    const cache = await open({ ...texts, [name]: 'another' });
    expect(cache.find(cell)).toBeUndefined();
    expect([...cache.static]).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    cache.add(cell, run, []);
    await cache.write();
    expect(await readdir(folder)).not.toEqual([before]);
  },
);

test('those of other mutators stay, and so does what else is there', async () => {
  await keep();
  await writeFile(path.join(folder, 'reach-sdk-1.jsonl'), '');
  const other = await open(texts, 'stryker');
  other.add(cell, run, []);
  await other.write();
  expect(await readdir(folder)).toHaveLength(3);
  expect((await open()).find(cell)).toEqual(run);
});

test.each([
  ['its scenario', { ...cell, texts: ['another', 'its golden'] }],
  ['its golden', { ...cell, texts: ['the scenario', 'another'] }],
  ['its client', { ...cell, client: 'ts-exec' }],
])('a cell with another one of %s is not found, and the rest is', async (_what, other) => {
  await keep();
  const cache = await open();
  expect(cache.find(other)).toBeUndefined();
  cache.add(other, { ...run, outcome: 'known' }, []);
  await cache.write();
  const again = await open();
  expect(again.find(other)?.outcome).toBe('known');
  expect(again.find(cell)?.outcome).toBe(other.client === 'ts' ? undefined : 'pass');
});

const whole = (rows: string[]) => rows.map((row) => `${row}\n`).join('');
test.each([
  ['is empty', () => ''],
  ['was cut', (text: string) => text.slice(0, -20)],
  ['was cut after a line', (text: string) => text.slice(0, text.indexOf('\n'))],
  ['begins with something else', (text: string) => text.slice(text.indexOf('\n') + 1)],
  ['is no JSON', () => 'x\n'],
  ['has a line that is no run', (text: string) => whole([...text.trim().split('\n'), '{"scenario":"turns/b"}'])],
  ['has a line that is nothing', (text: string) => whole([...text.trim().split('\n'), 'null'])],
])('a file that %s is ignored, and written anew', async (_how, broken) => {
  await keep();
  const file = path.join(folder, (await readdir(folder))[0] ?? '');
  const before = await readFile(file, 'utf8');
  await writeFile(file, broken(before));
  const cache = await open();
  expect(cache.find(cell)).toBeUndefined();
  expect([...cache.static]).toEqual([]);
  cache.add(cell, run, ['9']);
  await cache.write();
  expect(await readFile(file, 'utf8')).toBe(before);
  // Written beside and renamed: nothing else is left.
  expect(await readdir(folder)).toHaveLength(1);
});

test('what adds nothing writes nothing', async () => {
  await (await open()).write();
  expect(await readdir(folder)).toEqual([]);
});
