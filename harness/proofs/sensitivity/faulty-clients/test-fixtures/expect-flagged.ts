import { expect } from 'vitest';
import type { CellResult } from '../../../../cell/types.ts';
import type { Fault } from '../fault.ts';

/** The harness says of the faulty client what the fault expects: verdict, and first difference or reason. */
export function expectFlagged({ expected }: Fault, result: CellResult): void {
  if (expected.verdict === 'could-not-run') {
    expect(result).toMatchObject({
      verdict: expected.verdict,
      reason: expect.stringMatching(expected.reason),
      unexplained: [],
    });
    return;
  }
  const [first] = result.unexplained;
  const place = first && { kind: first.kind, lane: first.lane, path: first.path };
  expect({ verdict: result.verdict, first: place, reason: result.reason }).toEqual({
    verdict: expected.verdict,
    first: expected.first,
    reason: undefined,
  });
  if (expected.also !== undefined) expect(result.unexplained.map(({ path }) => path)).toContain(expected.also);
}
