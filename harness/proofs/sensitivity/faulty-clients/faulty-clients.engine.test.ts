import { describe, expect, test } from 'vitest';
import { type FaultName, faults } from './faults.ts';
import { proveFault } from './prove-fault.ts';
import { expectFlagged } from './test-fixtures/expect-flagged.ts';

/** The proofs that matter most, and what the fake could not show by itself: that the real engine gives the same verdict and place. */
const proofs: readonly FaultName[] = [
  'dropped-event',
  'wrong-id-reused',
  'wrong-error-class',
  'driver-dies',
  'wrong-turn-interrupted',
  'extra-request',
  'orphan-engine',
];

describe('faulty clients on the real engine', () => {
  test('none: without a fault the verdict is that of the client itself', async () => {
    expect(await proveFault('none', 'real')).toMatchObject({ verdict: 'match', unexplained: [] });
  });

  test.each(proofs)('%s', async (name) => {
    expectFlagged(faults[name], await proveFault(name, 'real'));
  });
});
