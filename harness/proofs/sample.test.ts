import { expect, test } from 'vitest';
import { sample } from './sample.ts';

const entries = Array.from({ length: 200 }, (_, n) => n);

test('a seed always chooses the same, in order and without repetition; another seed others', () => {
  const chosen = sample(entries, 30, 1);
  expect(new Set(chosen).size).toBe(30);
  expect(chosen).toEqual([...chosen].sort((a, b) => a - b));
  expect(sample(entries, 30, 1)).toEqual(chosen);
  expect(sample(entries, 30, 2)).not.toEqual(chosen);
  expect(sample(entries, 500, 1)).toEqual(entries);
});

test('every entry is chosen by some seed', () => {
  const seen = new Set(Array.from({ length: 100 }, (_, seed) => sample(entries, 30, seed)).flat());
  expect(seen.size).toBe(200);
});
