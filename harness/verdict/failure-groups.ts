import { type CellResult, failingVerdicts, type Verdict } from '../cell/types.ts';
import type { Difference } from '../compare/compare.ts';

/** Cells that fail for what looks like one reason. */
export interface FailureGroup {
  verdict: Verdict;
  /** The first difference of the first cell; absent if nothing differs. */
  first?: Difference;
  /** Why the first cell could not run; absent if it ran. */
  reason?: string;
  /** In the order of the results; never empty. */
  cells: CellResult[];
}

/** The failing cells by verdict and first difference, wherever in a list it stands, or by reason; the largest group first. */
export function failureGroups(results: readonly CellResult[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const cell of results) {
    const { verdict, reason, unexplained } = cell;
    if (!failingVerdicts.has(verdict)) continue;
    const [first] = unexplained;
    const why = first === undefined ? withoutNumbers(reason ?? '') : `${first.kind} ${withoutPositions(first.path)}`;
    const name = `${verdict} ${why}`;
    const group = groups.get(name) ?? {
      verdict,
      ...(first !== undefined && { first }),
      ...(reason !== undefined && { reason }),
      cells: [],
    };
    group.cells.push(cell);
    groups.set(name, group);
  }
  return [...groups.values()].sort((a, b) => b.cells.length - a.cells.length);
}

/** `wire.in:x/result/data/3/id` in one scenario and `…/data/0/id` in another are one place. */
export const withoutPositions = (path: string): string => path.replace(/\/\d+(?=\/|$)/g, '/*');

/** The same failure of two processes names two ports or process ids. */
const withoutNumbers = (text: string): string => text.replace(/\d+/g, '0');
