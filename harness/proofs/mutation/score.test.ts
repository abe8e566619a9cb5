import { expect, test } from 'vitest';
import { scoreOf, wilson } from './score.ts';
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
