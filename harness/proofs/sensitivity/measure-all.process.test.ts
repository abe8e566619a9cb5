import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { measureAll } from './measure-all.ts';

const folder = fileURLToPath(new URL('../../../fixtures/golden/turns', import.meta.url));
const texts = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .slice(0, 20)
  .map((name) => readFileSync(path.join(folder, name), 'utf8'));

test('two threads find what one finds, golden by golden', async () => {
  const done: number[] = [];
  const apart = await measureAll(texts, { most: 5, threads: 2, onDone: (count) => done.push(count) });
  expect(apart).toEqual(await measureAll(texts, { most: 5, threads: 1 }));
  expect(apart).toHaveLength(texts.length);
  expect(apart.every(({ tampered }) => tampered > 0)).toBe(true);
  expect(done).toEqual(texts.map((_, at) => at + 1));
});

test('an abort ends all threads; a golden that cannot be read is told', async () => {
  const stop = new AbortController();
  const measuring = measureAll(texts, { most: 5, threads: 2, signal: stop.signal, onDone: () => stop.abort('enough') });
  await expect(measuring).rejects.toBe('enough');
  const broken = texts.map((text, at) => (at === 3 ? 'no golden' : text));
  await expect(measureAll(broken, { most: 5, threads: 2 })).rejects.toThrow('golden');
});
