import { percent } from '../../../testing/text.ts';
import type { MutantResult, MutantStatus } from './try-mutant.ts';

interface Score {
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

/** The share of each kind or folder: by goldens alone, and with the tests. */
export function renderShares(
  results: readonly MutantResult[],
  isEquivalent: (result: MutantResult) => boolean,
  keyOf: (result: MutantResult) => string,
): string[] {
  const counted = results.filter((one) => isNoticed(one) || !isEquivalent(one));
  const keys = [...new Set(counted.map(keyOf))].sort();
  const share = (hits: number, of: number) => `${hits}/${of} ${percent(hits / of)}`.padEnd(18);
  return [...keys, 'all'].map((key) => {
    const own = key === 'all' ? counted : counted.filter((one) => keyOf(one) === key);
    const all = own.filter(isNoticed);
    const goldens = all.filter(({ by }) => by === undefined);
    return `${key.padEnd(20)} goldens ${share(goldens.length, own.length)} together ${share(all.length, own.length)}`.trimEnd();
  });
}

/** The figures in two lines. */
export function renderScore({ counts, counted, equivalent, noticed, share, low, high, failed }: Score): string[] {
  return [
    `${counts.killed} killed, ${counts.endless} made endless, ${counts.survived} survived, ${counts['not-covered']} reached by no scenario; ${equivalent} of the survivors are listed as equivalent and not counted`,
    `kill score ${percent(share)}: ${noticed} of ${counted}; of all mutants between ${percent(low)} and ${percent(high)} (95 %)`,
    ...(failed === 0
      ? []
      : [`the harness itself failed in runs of ${failed} mutants, which noticed nothing for that reason`]),
  ];
}

/** Every survivor, with what a scenario would have to show. */
export function renderSurvivors(
  results: readonly MutantResult[],
  isEquivalent: (result: MutantResult) => boolean,
): string[] {
  return results
    .filter((one) => !isNoticed(one))
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
    .flatMap((one) => {
      const { file, line, column, mutator, original, replacement, reachedBy, likeliest } = one;
      const goldens = reachedBy === 0 ? 'not covered' : `covered by ${reachedBy}: ${likeliest.join(', ')}`;
      const reach = one.tests === undefined ? goldens : `${goldens}; reached by ${one.tests} test files`;
      const note = isEquivalent(one) ? ' (listed as equivalent)' : '';
      return [
        `${file}:${line}:${column}  ${mutator}${note}`,
        `    ${oneLine(original)}  →  ${oneLine(replacement)}`,
        `    ${reach}`,
      ];
    });
}

const oneLine = (text: string): string => {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > 160 ? `${flat.slice(0, 160)}…` : flat;
};
