import { expect, test } from 'vitest';
import { sensitivityProblem } from './problem.ts';

test('a share below the bar is a problem, one at the bar is none, and what was not measured says nothing', () => {
  expect(sensitivityProblem({ tampered: 100_000, flagged: 98_999 })).toBe(
    'Measuring the sensitivity with 100000 tamperings: expected at least 99 % to be flagged, got 98.99 %. `npm run parity -- sensitivity` names what is hidden.',
  );
  expect(sensitivityProblem({ tampered: 100, flagged: 99 })).toBeUndefined();
  expect(sensitivityProblem({ tampered: 0, flagged: 0 })).toBeUndefined();
});
