import { expect, test } from 'vitest';
import { sensitivityProblem } from './problem.ts';

test('a share below the bar is a problem, one at the bar is none, and what was not measured says nothing', () => {
  expect(sensitivityProblem({ tampered: 100_000, flagged: 98_999 })).toBe(
    'sensitivity: the comparison flagged 98.99 % of 100000 tamperings with the goldens, wanted at least 99 %; npm run parity -- sensitivity names what is hidden',
  );
  expect(sensitivityProblem({ tampered: 100, flagged: 99 })).toBeUndefined();
  expect(sensitivityProblem({ tampered: 0, flagged: 0 })).toBeUndefined();
});
