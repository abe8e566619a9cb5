import { expectedGot } from '../../../native/expected-got.mjs';
import { percent } from '../../../testing/text.ts';
import { leastShare } from './tamper/measure.ts';

/** What is wrong with the sensitivity figures; undefined if nothing is, or if they were not measured. */
export function sensitivityProblem({ tampered, flagged }: { tampered: number; flagged: number }): string | undefined {
  if (tampered === 0 || flagged / tampered >= leastShare) return undefined;
  return expectedGot(
    `measuring the sensitivity with ${tampered} tamperings`,
    `at least ${percent(leastShare)} to be flagged`,
    percent(flagged / tampered, 2),
    '`npm run parity -- sensitivity` names what is hidden',
  );
}
