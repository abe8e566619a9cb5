import { expectationName } from '../../../../cell/cell-path.ts';
import { ignoredChannels } from '../../../../compare/ignored-channels.ts';
import type { NormalisedLine } from '../../../../normalise/types.ts';
import type { Channel } from '../../../../observation/types.ts';
import type { ReportCell, ReportDifference, ReportModel } from '../../../model.ts';
import { groupBy } from '../shared/group-by.ts';
import { differenceAt, type ReportIndex } from '../shared/report-index.ts';
import type { LinePlace } from '../shared/route.ts';

/** A line of one side; `place` counts from 0 in its lane. */
export interface Side {
  line: NormalisedLine;
  place: number;
}

export interface MarkedDifference {
  difference: ReportDifference;
  /** The ledger entry that explains it. */
  known: string | undefined;
}

export type PairKind = 'equal' | 'changed' | 'missing' | 'extra';

/** Corresponding lines; a missing or extra line stands alone. */
export interface AlignedPair {
  kind: PairKind;
  expected: Side | undefined;
  actual: Side | undefined;
  differences: readonly MarkedDifference[];
}

export interface AlignedLane {
  lane: string;
  pairs: AlignedPair[];
  /** How many pairs are not equal. */
  different: number;
}

export const isExplained = ({ differences }: AlignedPair): boolean =>
  differences.length > 0 && differences.every(({ known }) => known !== undefined);

/**
 * The lanes of a cell and of its golden, those with differences first, in the order of the differences: what showed
 * first, and what nothing explains. The comparison has already aligned them: its differences say which lines stand
 * alone, and all others meet in order. So a lane of 100,000 lines costs one pass.
 */
export function alignLanes({ model, goldens, scenarios }: ReportIndex, cell: ReportCell): AlignedLane[] {
  const ignored = ignoredChannels(cell.engine, scenarios.get(cell.scenario)?.scripted === true);
  const golden = new Map(goldens.get(expectationName(cell))?.lanes);
  const own = new Map(cell.lanes);
  const marks = marksOf(model, cell);
  const order = [...marks.keys()];
  const rank = (lane: string) => (marks.has(lane) ? order.indexOf(lane) : order.length);
  const lanes = new Set([...golden.keys(), ...own.keys()]);
  return [...lanes]
    .map((lane): AlignedLane => {
      const sides = (sequence: number | undefined): Side[] =>
        linesOf(model, sequence, ignored).map((line, place) => ({ line, place }));
      const expected = sides(golden.get(lane));
      const actual = own.has(lane) ? sides(own.get(lane)) : expected;
      const pairs = pairUp(expected, actual, marks.get(lane) ?? []);
      return { lane, pairs, different: pairs.filter(({ kind }) => kind !== 'equal').length };
    })
    .filter(({ pairs }) => pairs.length > 0)
    .sort((a, b) => rank(a.lane) - rank(b.lane));
}

function linesOf(model: ReportModel, sequence: number | undefined, ignored: ReadonlySet<Channel>): NormalisedLine[] {
  return (sequence === undefined ? [] : (model.sequences[sequence] ?? []))
    .flatMap((row) => model.rows[row] ?? [])
    .filter(({ ch }) => !ignored.has(ch));
}

/** The line at a place of a cell, or of its golden; undefined if there is none. */
export function lineOf(
  report: ReportIndex,
  cell: ReportCell,
  { lane, side, line }: LinePlace,
): NormalisedLine | undefined {
  const { model, goldens, scenarios } = report;
  const ignored = ignoredChannels(cell.engine, scenarios.get(cell.scenario)?.scripted === true);
  const lanes = side === 'client' ? cell.lanes : goldens.get(expectationName(cell))?.lanes;
  const sequence = lanes?.find(([name]) => name === lane)?.[1];
  return linesOf(model, sequence, ignored)[line - 1];
}

function pairUp(expected: Side[], actual: Side[], marks: readonly MarkedDifference[]): AlignedPair[] {
  const missing = new Map<number, MarkedDifference[]>();
  const extra = new Map<number, MarkedDifference[]>();
  const changed = new Map<number, MarkedDifference[]>();
  for (const mark of marks) {
    const { expectedAt, actualAt } = mark.difference;
    const [map, at] =
      actualAt === undefined ? [missing, expectedAt] : [expectedAt === undefined ? extra : changed, actualAt];
    if (at !== undefined) map.set(at, [...(map.get(at) ?? []), mark]);
  }
  const pairs: AlignedPair[] = [];
  let e = 0;
  let a = 0;
  while (e < expected.length || a < actual.length) {
    const [left, right] = [expected[e], actual[a]];
    if (left !== undefined && (right === undefined || missing.has(e))) {
      pairs.push({ kind: 'missing', expected: left, actual: undefined, differences: missing.get(e++) ?? [] });
    } else if (right !== undefined && (left === undefined || extra.has(a))) {
      pairs.push({ kind: 'extra', expected: undefined, actual: right, differences: extra.get(a++) ?? [] });
    } else {
      const differences = changed.get(a) ?? [];
      pairs.push({ kind: differences.length > 0 ? 'changed' : 'equal', expected: left, actual: right, differences });
      e += 1;
      a += 1;
    }
  }
  return pairs;
}

/** Lane → its differences. Differences of the cell itself, which are about no line, are not included. */
function marksOf(model: ReportModel, cell: ReportCell): Map<string, MarkedDifference[]> {
  const marks: MarkedDifference[] = [
    ...[...cell.unexplained, ...(cell.drift ?? [])].map((index) => ({
      difference: differenceAt(model, index),
      known: undefined,
    })),
    ...cell.known.map(([known, index]) => ({ difference: differenceAt(model, index), known })),
  ];
  return groupBy(
    marks.filter(({ difference }) => (difference.expectedAt ?? difference.actualAt) !== undefined),
    ({ difference }) => difference.lane,
  );
}
