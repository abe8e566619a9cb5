import { percent } from '../../../testing/text.ts';
import type { Score } from './score.ts';
import { isNoticed } from './score.ts';
import type { MutantResult } from './try-mutant.ts';

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
      const reach = reachedBy === 0 ? 'not covered' : `covered by ${reachedBy}: ${likeliest.join(', ')}`;
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
