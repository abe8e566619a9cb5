import { sameNumber } from '../../testing/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../testing/json/json.ts';
import { keyOfJson } from '../../testing/json/write-json.ts';
import type { NormalisedLine, NormalisedObservation } from '../normalise/types.ts';
import type { Channel } from '../observation/types.ts';
import { align, type Pair } from './align.ts';
import { livesAtStarts } from './overlaps.ts';

/** One difference between a golden and an observation. */
export interface Difference {
  kind: 'changed' | 'missing' | 'extra';
  lane: string;
  ch: Channel;
  /** Method, operation or mark of the line. */
  key: string;
  /** Address that the ledger uses: `CHANNEL:KEY` and, for a changed leaf, its JSON pointer. */
  path: string;
  expected?: JsonValue;
  actual?: JsonValue;
  /** Position of the line in the golden or the observation. */
  expectedLine?: number;
  actualLine?: number;
}

interface Numbered {
  line: NormalisedLine;
  number: number;
  text: string;
}

/**
 * A difference and when it showed: the position of its line in the observation; for a missing line, that of the line in
 * its place.
 */
interface Timed {
  at: number;
  difference: Difference;
}

const never = Number.POSITIVE_INFINITY;

/**
 * Compares lane by lane, each in its own order. `ignore` names channels that the two cannot share. What showed first
 * comes first, so that a cause precedes its consequences: an extra request before its answer, a wrong id before the
 * turn that never ended.
 */
export function compare(
  golden: NormalisedObservation,
  actual: NormalisedObservation,
  options: { ignore?: ReadonlySet<Channel> } = {},
): Difference[] {
  const expectedLanes = lanesOf(golden, options.ignore);
  const actualLanes = byLane(actual, options.ignore);
  const lanes = [...new Set([...expectedLanes.keys(), ...actualLanes.keys()])];
  const found = [
    ...lanes.flatMap((lane) => compareLane(lane, expectedLanes.get(lane) ?? [], actualLanes.get(lane) ?? [])),
    ...compareLives(golden, actual),
  ];
  const expectedAt = ({ difference }: Timed) => difference.expectedLine ?? 0;
  // What never came is reported last, in the golden's order. Sorting is stable: differences of one line keep their
  // order.
  return found
    .sort((a, b) => (a.at === b.at ? (a.at === never ? expectedAt(a) - expectedAt(b) : 0) : a.at - b.at))
    .map(({ difference }) => difference);
}

/** An engine that is started while another one lives, where the golden's were one after the other, or the reverse. */
function compareLives(golden: NormalisedObservation, actual: NormalisedObservation): Timed[] {
  const expected = livesAtStarts(golden.lines);
  return livesAtStarts(actual.lines).flatMap(({ alive, number }, start): Timed[] => {
    const one = expected[start];
    if (one === undefined || one.alive === alive) return [];
    const at = { lane: 'lives', ch: 'argv', key: 'argv', path: 'argv:argv/alive' } as const;
    const lines = { expectedLine: one.number, actualLine: number };
    return [{ at: number, difference: { kind: 'changed', ...at, expected: one.alive, actual: alive, ...lines } }];
  });
}

/** Whether `compare` would return any difference. Stops at the first: the sensitivity check asks this for thousands. */
export function differs(golden: NormalisedObservation, actual: NormalisedObservation): boolean {
  const expectedLanes = lanesOf(golden, undefined);
  const actualLanes = byLane(actual, undefined);
  if (golden.lines.length !== actual.lines.length || expectedLanes.size !== actualLanes.size) return true;
  for (const [lane, expected] of expectedLanes) {
    const others = actualLanes.get(lane);
    if (others?.length !== expected.length) return true;
    if (expected.every(({ text }, index) => text === others[index]?.text)) continue;
    if (compareLane(lane, expected, others).length > 0) return true;
  }
  return compareLives(golden, actual).length > 0;
}

/** The golden's lanes, cached because the sensitivity check compares one golden with thousands. */
const goldenLanes = new WeakMap<NormalisedObservation, Map<string, Numbered[]>>();

function lanesOf(golden: NormalisedObservation, ignore: ReadonlySet<Channel> | undefined): Map<string, Numbered[]> {
  const known = ignore === undefined ? goldenLanes.get(golden) : undefined;
  if (known !== undefined) return known;
  const lanes = byLane(golden, ignore);
  if (ignore === undefined) goldenLanes.set(golden, lanes);
  return lanes;
}

/** Lines never change once they are made, and one golden is compared many times. */
const texts = new WeakMap<NormalisedLine, string>();

function textOf(line: NormalisedLine): string {
  const known = texts.get(line);
  if (known !== undefined) return known;
  const text = keyOfJson([line.ch, line.key, line.body]);
  texts.set(line, text);
  return text;
}

function byLane(observation: NormalisedObservation, ignore: ReadonlySet<Channel> | undefined): Map<string, Numbered[]> {
  const lanes = new Map<string, Numbered[]>();
  observation.lines.forEach((line, number) => {
    if (ignore?.has(line.ch)) return;
    const lane = lanes.get(line.lane) ?? [];
    lane.push({ line, number, text: textOf(line) });
    lanes.set(line.lane, lane);
  });
  return lanes;
}

function compareLane(lane: string, expected: Numbered[], actual: Numbered[]): Timed[] {
  const pairs = align(
    expected,
    actual,
    (a, b) => a.line.ch === b.line.ch && a.line.key === b.line.key,
    (a, b) => a.text === b.text,
  );
  let at = never;
  const found: Timed[][] = [];
  // From the end: a missing line takes the position of the next line that came.
  for (const pair of pairs.toReversed()) {
    at = pair.actual?.number ?? at;
    found.push(differencesOf(lane, pair).map((difference) => ({ at, difference })));
  }
  return found.reverse().flat();
}

function differencesOf(lane: string, { expected: left, actual: right }: Pair<Numbered>): Difference[] {
  const { ch, key } = ((left ?? right) as Numbered).line;
  const at = {
    lane,
    ch,
    key,
    ...(left && { expectedLine: left.number }),
    ...(right && { actualLine: right.number }),
  };
  if (right === undefined)
    return [{ kind: 'missing', ...at, path: `${ch}:${key}`, expected: left?.line.body as JsonValue }];
  if (left === undefined) return [{ kind: 'extra', ...at, path: `${ch}:${key}`, actual: right.line.body }];
  if (left.text === right.text) return [];
  return jsonDifferences(left.line.body, right.line.body).map((leaf) => ({
    kind: 'changed',
    ...at,
    ...leaf,
    path: `${ch}:${key}${leaf.path}`,
  }));
}

/** One differing leaf: `expected` or `actual` is absent if only the other side has it. */
export interface LeafDifference {
  /** JSON pointer. */
  path: string;
  expected?: JsonValue;
  actual?: JsonValue;
}

/** A member that the object has itself: `__proto__` and `toString` are read from every object. */
const own = (object: JsonObject, key: string) => (Object.hasOwn(object, key) ? object[key] : undefined);

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * Every leaf in which two JSON values differ, in key order. Arrays compare by index: if an order means nothing, that is
 * a normalising rule with a name. Our own function rather than a library's, because a ledger entry addresses one leaf
 * by this path.
 */
function jsonDifferences(expected: JsonValue | undefined, actual: JsonValue | undefined, path = ''): LeafDifference[] {
  if (expected === actual || sameNumber(expected, actual)) return [];
  if (expected === undefined) return [{ path, actual: actual as JsonValue }];
  if (actual === undefined) return [{ path, expected }];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, index) =>
      jsonDifferences(expected[index], actual[index], `${path}/${index}`),
    ).flat();
  }
  if (isObject(expected) && isObject(actual)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
    return keys.flatMap((key) => jsonDifferences(own(expected, key), own(actual, key), `${path}/${escaped(key)}`));
  }
  return [{ path, expected, actual }];
}
