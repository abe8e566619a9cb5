import { type Level, showsLane } from '../shared/levels.ts';
import type { LinePlace } from '../shared/route.ts';
import type { AlignedLane, AlignedPair } from './align-lanes.ts';

/** A row of the lanes' table. */
export type LaneRow =
  | { kind: 'lane'; lane: AlignedLane }
  | { kind: 'pair'; lane: string; pair: AlignedPair }
  /** Equal lines that are folded away; `id` names the run of them. */
  | { kind: 'fold'; id: string; lane: string; from: number; count: number };

/** A longer run of equal lines is folded, except for its ends. */
const longRun = 6;
const ends = 2;

/**
 * The rows at a level: each lane's title, then its pairs. Long runs of equal pairs are folded unless they are `open`.
 */
export function laneRows(lanes: readonly AlignedLane[], level: Level, open: ReadonlySet<string>): LaneRow[] {
  const rows: LaneRow[] = [];
  for (const lane of lanes) {
    if (!showsLane(level, lane.lane)) continue;
    rows.push({ kind: 'lane', lane });
    const add = (from: number, to: number) => {
      for (let at = from; at < to; at += 1) {
        const pair = lane.pairs[at];
        if (pair !== undefined) rows.push({ kind: 'pair', lane: lane.lane, pair });
      }
    };
    for (let from = 0; from < lane.pairs.length; ) {
      const to = endOfRun(lane.pairs, from);
      const id = foldId(lane.lane, from);
      if (to - from <= longRun || open.has(id) || lane.pairs[from]?.kind !== 'equal') add(from, to);
      else {
        add(from, from + ends);
        rows.push({ kind: 'fold', id, lane: lane.lane, from: from + ends, count: to - from - 2 * ends });
        add(to - ends, to);
      }
      from = to;
    }
  }
  return rows;
}

function endOfRun(pairs: readonly AlignedPair[], from: number): number {
  const equal = pairs[from]?.kind === 'equal';
  let to = from + 1;
  while (to < pairs.length && (pairs[to]?.kind === 'equal') === equal) to += 1;
  return to;
}

const foldId = (lane: string, from: number) => `${from} ${lane}`;

const isAt = ({ expected, actual }: AlignedPair, { side, line }: LinePlace) =>
  (side === 'client' ? actual : expected)?.place === line - 1;

/** Index of a place among the rows; -1 if it is folded away or does not exist. */
export const rowOfPlace = (rows: readonly LaneRow[], place: LinePlace): number =>
  rows.findIndex((row) => row.kind === 'pair' && row.lane === place.lane && isAt(row.pair, place));

/** The fold that hides a place, if one does. */
export function foldOfPlace(lanes: readonly AlignedLane[], place: LinePlace): string | undefined {
  const pairs = lanes.find(({ lane }) => lane === place.lane)?.pairs ?? [];
  const at = pairs.findIndex((pair) => isAt(pair, place));
  if (at < 0 || pairs[at]?.kind !== 'equal') return undefined;
  let from = at;
  while (pairs[from - 1]?.kind === 'equal') from -= 1;
  return foldId(place.lane, from);
}

/** The place of a pair: the client's line, or the golden's where the client has none. */
export function placeOf(lane: string, { expected, actual }: AlignedPair): LinePlace {
  return actual === undefined
    ? { lane, side: 'golden', line: (expected?.place ?? 0) + 1 }
    : { lane, side: 'client', line: actual.place + 1 };
}

/** The first line with an unexplained difference, otherwise the first that differs. */
export function firstDifference(
  lanes: readonly AlignedLane[],
  explained: (pair: AlignedPair) => boolean,
): LinePlace | undefined {
  const differing = lanes.flatMap(({ lane, pairs, different }) =>
    different === 0 ? [] : pairs.filter(({ kind }) => kind !== 'equal').map((pair) => ({ lane, pair })),
  );
  const first = differing.find(({ pair }) => !explained(pair)) ?? differing[0];
  return first === undefined ? undefined : placeOf(first.lane, first.pair);
}
