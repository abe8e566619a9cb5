import { cellPlace } from '../../cell/cell-path.ts';
import { type CellResult, failingVerdicts } from '../../cell/types.ts';
import { type DifferenceLabel, labelDifferences } from '../../verdict/label.ts';
import type { LedgerEntry } from '../../verdict/ledger.ts';
import { differenceWords, shortValue } from '../difference-text.ts';

/** What a workflow shows next to a line of a file. */
export interface Annotation {
  /** Relative to the repository, with `/`. */
  file: string;
  /** From 1. */
  line: number;
  title: string;
  message: string;
}

/** GitHub shows at most this many errors per step; the last one says how many are hidden. */
const mostAnnotations = 10;

export interface AnnotationInput {
  results: readonly CellResult[];
  /** The file and line that a failing cell is about: see `failingLine`. */
  placeOf(result: CellResult): { file: string; line: number };
  ledger: { entries: readonly LedgerEntry[]; problems: readonly string[] };
}

/** One annotation for each scenario that failed, at the place of its first failing cell, and one for each problem of the ledger. Pure. */
export function annotations({ results, placeOf, ledger }: AnnotationInput): Annotation[] {
  const failing = new Map<string, CellResult[]>();
  for (const result of results) {
    if (!failingVerdicts.has(result.verdict)) continue;
    failing.set(result.scenario, [...(failing.get(result.scenario) ?? []), result]);
  }
  return [
    ...[...failing.values()].flatMap((cells): Annotation[] => {
      const [first] = cells;
      if (first === undefined) return [];
      const [label] = labelDifferences(first, results);
      return [{ ...placeOf(first), title: titleOf(cells, first), message: messageOf(first, label) }];
    }),
    ...ledger.problems.map((problem): Annotation => {
      const entry = ledger.entries.find(({ id }) => problem.startsWith(`${id}: `));
      const file = 'fixtures/known-differences.yaml';
      return { file, line: entry?.line ?? 1, title: 'known differences', message: problem };
    }),
  ];
}

function titleOf(cells: readonly CellResult[], first: CellResult): string {
  const names = [...new Set(cells.map(cellPlace))];
  return `${first.verdict} in ${first.scenario}: ${names.join(', ')}`;
}

function messageOf(cell: CellResult, label: DifferenceLabel | undefined): string {
  const [first] = cell.unexplained;
  if (first === undefined) return `${cellPlace(cell)}: ${cell.reason ?? cell.verdict}`;
  const what = differenceWords[first.kind];
  const more = cell.unexplained.length - 1;
  return [
    `${cellPlace(cell)}: ${first.path} ${what}, lane ${first.lane}${label === undefined ? '' : ` (${label})`}`,
    `golden: ${shortValue(first.expected)}`,
    `client: ${shortValue(first.actual)}`,
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('\n');
}

/** The last one may say how many more there are: it has no place. */
export type ShownAnnotation = Annotation | Pick<Annotation, 'title' | 'message'>;

/** Those that GitHub shows; the last one says how many it hides. */
export function shownAnnotations(all: readonly Annotation[]): ShownAnnotation[] {
  if (all.length <= mostAnnotations) return [...all];
  const shown = all.slice(0, mostAnnotations - 1);
  const message = `${all.length - shown.length} more failed: see the summary of the job`;
  return [...shown, { title: 'parity', message }];
}
