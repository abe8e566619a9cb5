import { expect, test } from 'vitest';
import { renderShares, scoreOf, wilson } from './score.ts';
import type { MutantResult, MutantStatus } from './try-mutant.ts';

const result = (status: MutantStatus, line = 1): MutantResult => ({
  id: '1',
  file: 'sdk/a.ts',
  line,
  column: 1,
  mutator: 'StringLiteral',
  original: "'a'",
  replacement: '""',
  status,
  reachedBy: 1,
  likeliest: [],
  durationMs: 1,
});

test('the Wilson interval, by published values', () => {
  const { low, high } = wilson(90, 100);
  expect([low, high].map((end) => end.toFixed(4))).toEqual(['0.8256', '0.9448']);
  expect(wilson(10, 10).low.toFixed(4)).toBe('0.7225');
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
});

test('what is made endless is noticed; what is listed as equivalent is not counted, but a noticed one always is', () => {
  const results = [
    result('killed', 2),
    result('endless'),
    result('survived', 2),
    result('survived'),
    result('not-covered'),
  ];
  const score = scoreOf(results, ({ line }) => line === 2);
  expect(score).toMatchObject({
    counts: { killed: 1, endless: 1, survived: 2, 'not-covered': 1 },
    equivalent: 1,
    counted: 4,
    noticed: 2,
    share: 0.5,
  });
});

test('shares of kinds: by goldens alone and with the tests, without what is listed as equivalent', () => {
  const results = [
    { ...result('killed'), mutator: 'A' },
    { ...result('killed'), mutator: 'A', by: 'tests' as const },
    { ...result('survived', 2), mutator: 'A' },
    { ...result('survived'), mutator: 'B' },
  ];
  const lines = renderShares(
    results,
    ({ line }) => line === 2,
    ({ mutator }) => mutator,
  );
  expect(lines.map((line) => line.replace(/\s+/g, ' '))).toEqual([
    'A goldens 1/2 50 % together 2/2 100 %',
    'B goldens 0/1 0 % together 0/1 0 %',
    'all goldens 1/3 33.3 % together 2/3 66.6 %',
  ]);
});
