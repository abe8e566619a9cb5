import { cellName, expectationName } from '../cell/cell-path.ts';
import type { CellResult } from '../cell/types.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import { failureGroups } from '../verdict/failure-groups.ts';
import { whyFailed } from './difference-text.ts';
import { type ExplainOptions, explainCell } from './explain.ts';
import type { Paint } from './paint.ts';

const mostGroups = 10;
const mostNamed = 5;

export interface FailuresOptions extends Pick<ExplainOptions, 'folder' | 'report'> {
  /** What cells were compared with, by `expectationName`. */
  goldens: ReadonlyMap<string, NormalisedObservation>;
}

/** What failed, by its first difference: how many cells, one of them in full, and the names of some others. */
export function describeFailures(
  results: readonly CellResult[],
  paint: Paint,
  { goldens, ...options }: FailuresOptions,
): string[] {
  const groups = failureGroups(results);
  const shown = groups.slice(0, mostGroups).flatMap(({ verdict, first, reason, cells: [example, ...others] }) => {
    if (example === undefined) return [];
    const count = `${others.length + 1} cell${others.length === 0 ? '' : 's'}`;
    const named = others.slice(0, mostNamed).map(cellName).join(', ');
    const rest = others.length > mostNamed ? `, and ${others.length - mostNamed} more` : '';
    return [
      '',
      paint.bold(`${count}: ${verdict}, ${whyFailed({ first, reason })}`),
      ...explainCell(example, paint, { ...options, golden: goldens.get(expectationName(example)), all: results }),
      ...(others.length === 0 ? [] : [`  the same in: ${named}${rest}`]),
    ];
  });
  const left = groups.slice(mostGroups);
  const cells = left.reduce((sum, group) => sum + group.cells.length, 0);
  return left.length === 0
    ? shown
    : [...shown, '', `and ${left.length} more kinds of failures in ${cells} cells, all in the report`];
}
