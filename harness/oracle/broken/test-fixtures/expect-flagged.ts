import { expect } from 'vitest';
import type { CellResult } from '../../../run/types.ts';
import type { Break } from '../break.ts';

/** The harness says of the broken client what the break expects: verdict, and first difference or reason. */
export function expectFlagged({ expected }: Break, result: CellResult): void {
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
