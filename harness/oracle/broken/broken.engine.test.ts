import { describe, expect, test } from 'vitest';
import { type BreakName, breaks } from './breaks.ts';
import { provesBreak } from './prove-break.ts';
import { expectFlagged } from './test-fixtures/expect-flagged.ts';

/** The proofs that matter most, and what the fake could not show by itself: that the real engine gives the same verdict and place. */
const proofs: readonly BreakName[] = [
  'dropped-event',
  'wrong-id-reused',
  'wrong-error-class',
  'driver-dies',
  'wrong-turn-interrupted',
  'extra-request',
  'orphan-engine',
];

describe('broken clients on the real engine', () => {
  test('none: without a break the verdict is that of the client itself', async () => {
    expect(await provesBreak('none', 'real')).toMatchObject({ verdict: 'match', unexplained: [] });
  });

  test.each(proofs)('%s', async (name) => {
    expectFlagged(breaks[name], await provesBreak(name, 'real'));
  });
});
