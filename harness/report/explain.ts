import { cellPath, cellPlace } from '../cell/cell-path.ts';
import type { CellResult } from '../cell/types.ts';
import type { Difference } from '../compare/compare.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import { faultLane } from '../verdict/cell-faults.ts';
import { type DifferenceLabel, labelDifferences } from '../verdict/label.ts';
import { differenceWords, shortValue } from './difference-text.ts';
import type { Paint } from './paint.ts';
import { rerunCommand } from './rerun-command.ts';

/** A difference and both its values, a line each. */
export function describeDifference(difference: Difference, paint: Paint, label?: DifferenceLabel): string[] {
  const what = differenceWords[difference.kind];
  return [
    `  ${paint.bold(difference.path)} ${what}, lane ${difference.lane}${label === undefined ? '' : ` (${label})`}`,
    `    golden: ${paint.green(shortValue(difference.expected))}`,
    `    client: ${paint.red(shortValue(difference.actual))}`,
  ];
}

/** The lines of the golden around a difference, with its own line marked. */
export function goldenContext(golden: NormalisedObservation, difference: Difference, around = 2): string[] {
  const lane = golden.lines
    .map((line, number) => ({ line, number }))
    .filter(({ line }) => line.lane === difference.lane);
  const at = lane.findIndex(({ number }) => number === difference.expectedLine);
  const from = Math.max(0, (at < 0 ? lane.length : at) - around);
  return lane
    .slice(from, from + 2 * around + 1)
    .map(
      ({ line, number }) =>
        `    ${number === difference.expectedLine ? '>' : ' '} ${number + 2}: ${line.ch} ${line.key}`,
    );
}

export interface ExplainOptions {
  golden?: NormalisedObservation | undefined;
  /** The results of the whole run, which tell whose difference it is. */
  all?: readonly CellResult[];
  /** How many differences are shown. */
  most?: number;
  /** Folder of the results, as printed. */
  folder?: string;
  /** URL of the report's file; without it, no link into it is printed. */
  report?: string;
}

/** The folder that `diff` uses by default. */
const defaultFolder = 'out/parity';

/** What went wrong in a cell, a line each: the first differences, where they are, and how to run it again. */
export function explainCell(
  result: CellResult,
  paint: Paint,
  { golden, all = [], most = 3, folder = defaultFolder, report }: ExplainOptions = {},
): string[] {
  const labels = labelDifferences(result, all);
  const title = `${paint.red(result.verdict)}  ${result.scenario}  ${cellPlace(result)}`;
  const shown = result.unexplained
    .slice(0, most)
    .flatMap((difference, index) => [
      ...describeDifference(difference, paint, labels[index]),
      ...(golden === undefined || difference.lane === faultLane
        ? []
        : goldenContext(golden, difference).map((line) => paint.dim(line))),
    ]);
  const more = result.unexplained.length - most;
  return [
    title,
    ...(result.reason === undefined ? [] : [`  ${result.reason}`]),
    ...shown,
    ...(more > 0
      ? [
          `  and ${more} more: npm run parity -- diff ${result.scenario} --client ${result.client} --engine ${result.engine}${result.engineVersion === undefined ? '' : ` --engine-version ${result.engineVersion}`}${folder === defaultFolder ? '' : ` --out ${folder}`}`,
        ]
      : []),
    ...(result.raw === undefined ? [] : [`  raw: ${folder}/${result.raw}`]),
    ...(report === undefined ? [] : [`  report: ${report}#/cell/${cellPath(result)}`]),
    `  again: ${paint.bold(rerunCommand(result))}`,
  ];
}
