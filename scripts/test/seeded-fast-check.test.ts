import fc from 'fast-check';
import { expect, test } from 'vitest';

test('property tests draw by the seed of the run', () => {
  expect(fc.readConfigureGlobal()).toEqual({ seed: Number(process.env['TWINPROOF_SEED'] ?? 1) });
  const drawn = () => fc.sample(fc.integer(), { seed: fc.readConfigureGlobal().seed ?? -1, numRuns: 3 });
  expect(drawn()).toEqual(drawn());
});
