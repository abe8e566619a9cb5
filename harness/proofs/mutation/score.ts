import type { MutantResult, MutantStatus } from './try-mutant.ts';

export interface Score {
  counts: Record<MutantStatus, number>;
  /** How many the sample has, without the equivalent ones. */
  counted: number;
  /** Survivors that cannot be told from the original, each listed with its reason. */
  equivalent: number;
  /** Killed or endless. */
  noticed: number;
  share: number;
  /** Lower and upper end of the 95 % interval for the share of all mutants. */
  low: number;
  high: number;
  /** Mutants with a run in which the harness failed: they may wrongly count as survivors. */
  failed: number;
}

/** The two-sided 95 % quantile of the normal distribution. */
const z = 1.959964;

/** The Wilson interval. Unlike the simple one, it holds for small samples and shares near 1. */
export function wilson(hits: number, of: number): { low: number; high: number } {
  if (of === 0) return { low: 0, high: 1 };
  const share = hits / of;
  const middle = share + z ** 2 / (2 * of);
  const width = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  const scale = 1 + z ** 2 / of;
  return { low: (middle - width) / scale, high: (middle + width) / scale };
}

/** @param isEquivalent whether a survivor is listed as one that cannot be told from the original */
export function scoreOf(results: readonly MutantResult[], isEquivalent: (result: MutantResult) => boolean): Score {
  const counts: Record<MutantStatus, number> = { killed: 0, endless: 0, survived: 0, 'not-covered': 0 };
  for (const { status } of results) counts[status] += 1;
  const noticed = counts.killed + counts.endless;
  const equivalent = results.filter((one) => !isNoticed(one) && isEquivalent(one)).length;
  const counted = results.length - equivalent;
  return {
    counts,
    counted,
    equivalent,
    noticed,
    failed: results.filter(({ failures }) => failures !== undefined).length,
    share: counted === 0 ? 0 : noticed / counted,
    ...wilson(noticed, counted),
  };
}

export const isNoticed = ({ status }: MutantResult): boolean => status === 'killed' || status === 'endless';
