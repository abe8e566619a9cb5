import { expect, test } from 'vitest';
import { oracleProblem } from './oracle-problem.ts';

test('a share below the bar is a problem, one at the bar is none, and what was not measured says nothing', () => {
  expect(oracleProblem({ tampered: 100_000, flagged: 98_999 })).toBe(
    'oracle: the comparison flagged 98.99 % of 100000 tamperings with the goldens, wanted at least 99 %; npm run parity -- oracle names what is hidden',
  );
  expect(oracleProblem({ tampered: 100, flagged: 99 })).toBeUndefined();
  expect(oracleProblem({ tampered: 0, flagged: 0 })).toBeUndefined();
});
