import { isObject, type JsonValue } from '../../testing/json/json.ts';
import { keyOfJson } from '../../testing/json/write-json.ts';
import { align } from '../compare/align.ts';
import type { NormalisedLine, NormalisedObservation } from '../normalise/types.ts';
import { textAt } from '../normalise/wire-facts.ts';
import type { Channel } from '../observation/types.ts';
import type { BehaviourWhat } from './types.ts';
import { stepByName, stepByRole, valueChanges, withoutNumbers } from './value-changes.ts';

/** One difference between two observations of a scenario, before the same one in many scenarios becomes one change. */
export interface Finding {
  what: BehaviourWhat;
  ch: Channel;
  /** Method, operation or mark. */
  key: string;
  /** Within the line: members on the way, `*` for an entry of a list; empty for a whole line. */
  path: readonly string[];
  before?: JsonValue;
  after?: JsonValue;
  /** The lines that it shows in. */
  lineBefore?: NormalisedLine;
  lineAfter?: NormalisedLine;
}

/** Follows from the items that are listed beside it. */
const derived = new Set(['inputBefore']);

/** What differs between what a scenario showed before and what it shows now, lane by lane. */
export function findingsBetween(before: NormalisedObservation, after: NormalisedObservation): Finding[] {
  const lanes = new Map<string, [NormalisedLine[], NormalisedLine[]]>();
  for (const [side, { lines }] of [before, after].entries()) {
    for (const line of lines) {
      const lane = lanes.get(line.lane) ?? [[], []];
      lanes.set(line.lane, lane);
      (lane[side] as NormalisedLine[]).push(line);
    }
  }
  const paged = new Set([...before.lines, ...after.lines].filter(isPage).map(({ key }) => key));
  const found = withoutConsequences([...lanes.values()].flatMap(([left, right]) => findingsInLane(left, right))).filter(
    // What stands on which page follows from what stands before it.
    ({ what, key, path }) => !/^entry-/.test(what) || !path.at(-1)?.startsWith('[') || !paged.has(key),
  );
  const others = found.filter(({ what }) => what !== 'identity-changed');
  // With a line or an entry more or less, those behind it have other numbers.
  const shifts = others.some(({ before: left, after: right }) => left === undefined || right === undefined);
  return shifts ? others : found;
}

/** A list of which there is more. */
const isPage = ({ ch, body }: NormalisedLine): boolean =>
  (ch === 'wire.in' && textAt(body.msg, 'result', 'nextCursor') !== undefined) ||
  (ch === 'result' && textAt(body.value, 'nextCursor') !== undefined);

/** Where a step waits forever, a call fails on one side alone, or a run of `exec` ends in another way, the lines that one side lacks say no more than that. */
function withoutConsequences(found: readonly Finding[]): Finding[] {
  const hangs = found.some(({ ch, what, path }) => ch === 'hang' || isOutcome(what, path));
  const exits = found.some(({ ch, lineAfter }) => ch === 'exit' && ofRun(lineAfter));
  // A run that ends in another way did another thing, and so do those after it.
  if (exits) return found.filter(({ ch, what, path }) => ch === 'exit' || isOutcome(what, path));
  return found.filter(({ what, ch }) => {
    const line =
      what === 'line-added' || what === 'line-removed' || what === 'line-repeated' || what === 'order-changed';
    return !line || ch === 'hang' || ch === 'stderr' || !hangs;
  });
}

const isOutcome = (what: BehaviourWhat, path: readonly string[]) =>
  what === 'hang' || (what === 'error-changed' && path.length === 0);

const ofRun = (line: NormalisedLine | undefined): boolean => /\/run\d+$/.test(line?.lane ?? '');

function findingsInLane(left: readonly NormalisedLine[], right: readonly NormalisedLine[]): Finding[] {
  const pairs = align(
    left,
    right,
    (a, b) => a.ch === b.ch && a.key === b.key,
    (a, b) => shapeOf(a) === shapeOf(b),
  );
  const found: Finding[] = [];
  const gone = pairs.flatMap(({ expected, actual }) => (actual === undefined && expected ? [expected] : []));
  for (const { expected, actual } of pairs) {
    if (expected !== undefined && actual !== undefined) found.push(...findingsInLine(expected, actual));
    else if (actual !== undefined) {
      const moved = gone.findIndex((line) => line.ch === actual.ch && line.key === actual.key);
      const replaced = moved < 0 ? gone.findIndex((line) => endsTheSame(line, actual)) : -1;
      const [old] = gone.splice(Math.max(moved, replaced), moved >= 0 || replaced >= 0 ? 1 : 0);
      if (old !== undefined && moved >= 0)
        found.push(whole('order-changed', old, actual), ...findingsInLine(old, actual));
      else if (old !== undefined) found.push(whole('error-changed', old, actual));
      else found.push(whole(addedWhat(actual, left, right), undefined, actual));
    }
  }
  return [...found, ...gone.map((line) => whole(line.ch === 'hang' ? 'hang' : 'line-removed', line, undefined))];
}

const shapes = new WeakMap<NormalisedLine, string>();
function shapeOf(line: NormalisedLine): string {
  const shape = shapes.get(line) ?? withoutNumbers(keyOfJson([line.ch, line.key, line.body]));
  shapes.set(line, shape);
  return shape;
}

/** A call that returned fails, or the other way round. */
const endsTheSame = (a: NormalisedLine, b: NormalisedLine) => a.key === b.key && isEnd(a) && isEnd(b);
const isEnd = ({ ch }: NormalisedLine) => ch === 'result' || ch === 'error' || ch === 'end' || ch === 'hang';

function addedWhat(
  line: NormalisedLine,
  left: readonly NormalisedLine[],
  right: readonly NormalisedLine[],
): BehaviourWhat {
  if (line.ch === 'hang') return 'hang';
  const times = (lines: readonly NormalisedLine[]) => lines.filter((one) => shapeOf(one) === shapeOf(line)).length;
  const before = times(left);
  return before > 0 && times(right) > before ? 'line-repeated' : 'line-added';
}

const whole = (what: BehaviourWhat, lineBefore?: NormalisedLine, lineAfter?: NormalisedLine): Finding => {
  const { ch, key } = (lineAfter ?? lineBefore) as NormalisedLine;
  return {
    ...{ what, ch, key, path: [] },
    ...(lineBefore && { before: saidBy(lineBefore), lineBefore }),
    ...(lineAfter && { after: saidBy(lineAfter), lineAfter }),
  };
};

/** The message of a line of the wire; of every other line, the line. */
export function saidBy({ body }: NormalisedLine): JsonValue {
  return body.msg ?? body;
}

function findingsInLine(lineBefore: NormalisedLine, lineAfter: NormalisedLine): Finding[] {
  const { ch, key } = lineAfter;
  const [left, right] = [saidBy(lineBefore), saidBy(lineAfter)];
  // An answer that is an error now, or no longer.
  if (
    isObject(left) &&
    isObject(right) &&
    (left.error === undefined) !== (right.error === undefined) &&
    ch === 'wire.in'
  )
    return [whole('error-changed', lineBefore, lineAfter)];
  const stepTo = ch === 'model.request' ? stepByRole : stepByName;
  return valueChanges(left, right, [], stepTo).flatMap(({ path, before, after }): Finding[] => {
    if (derived.has(path.at(-1) ?? '')) return [];
    const sides = { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
    return [{ what: whatOf(ch, path, before, after), ch, key, path, ...sides, lineBefore, lineAfter }];
  });
}

function whatOf(ch: Channel, path: readonly string[], before?: JsonValue, after?: JsonValue): BehaviourWhat {
  if (ch === 'exit') return 'exit-changed';
  if (before !== undefined && after !== undefined && sameButNumbers(before, after)) return 'identity-changed';
  if (ch === 'model.request') return 'model-request';
  if (ch === 'error' || path[0] === 'error') return 'error-changed';
  const entry = /^[*[]/.test(path.at(-1) ?? '');
  if (before === undefined) return entry ? 'entry-added' : 'value-added';
  if (after === undefined) return entry ? 'entry-removed' : 'value-removed';
  return isText(before) && isText(after) ? 'message-text' : 'value-changed';
}

const sameButNumbers = (a: JsonValue, b: JsonValue) =>
  typeof a === 'string' && typeof b === 'string' && withoutNumbers(a) === withoutNumbers(b);

/** For people, not a word of a protocol. */
const isText = (value: JsonValue) => typeof value === 'string' && /\S\s+\S/.test(value);
