import type { Verdict } from '../cell/types.ts';
import type { Difference } from '../compare/compare.ts';
import { holds } from '../judging/holds.ts';
import { appliesTo, type CellName, followsFrom, type LedgerEntry, matchesDifference } from './ledger.ts';

export interface KnownDifference {
  entry: LedgerEntry;
  difference: Difference;
}

export interface Judgement {
  verdict: Verdict;
  /** Compared with what no official client did. */
  baseline: boolean;
  /** What no ledger entry explains, first difference first. */
  unexplained: Difference[];
  known: KnownDifference[];
}

/** The verdict of one cell, from its differences. `baseline`: its golden was made only by `bare` or `ts`. */
export function judge(
  cell: CellName,
  differences: readonly Difference[],
  ledger: readonly LedgerEntry[],
  baseline: boolean,
): Judgement {
  const entries = ledger.filter((entry) => appliesTo(entry, cell));
  const causes = new Map(
    entries.map((entry) => [entry, differences.filter((difference) => matchesDifference(entry, difference))] as const),
  );
  const caused = entries.filter((entry) => holds('entry-needs-cause', causes.get(entry)?.length !== 0));
  const known: KnownDifference[] = [];
  const unexplained: Difference[] = [];
  for (const difference of differences) {
    const entry =
      caused.find((candidate) => matchesDifference(candidate, difference)) ??
      caused.find((candidate) => followsFrom(candidate, difference, causes.get(candidate) ?? []));
    if (entry === undefined) unexplained.push(difference);
    else known.push({ entry, difference });
  }
  const verdict = holds('difference-unexplained', unexplained.length > 0)
    ? 'mismatch'
    : holds('golden-is-baseline', baseline)
      ? 'baseline'
      : holds('difference-known', known.length > 0)
        ? 'known-difference'
        : 'match';
  return { verdict, baseline, unexplained, known };
}
