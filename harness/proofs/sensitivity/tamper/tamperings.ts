import { isObject, type JsonValue } from '../../../../testing/json/json.ts';
import { idsIn } from '../../../normalise/bind-ids.ts';
import type { VolatileValue } from '../../../normalise/read-line.ts';
import type { NormalisedLine, NormalisedObservation } from '../../../normalise/types.ts';
import type { Observation, ObservationLine } from '../../../observation/types.ts';
import { type JsonPlace, placesIn, withoutPlace, withText } from './json-places.ts';
import { type RawLine, rawLinesOf } from './raw-line.ts';

/**
 * - `value`: a leaf with another value, null in its place, or emptied
 * - `absent`: a member or an element removed
 * - `number`: one that no double holds, and one with another spelling
 * - `text`: a surrogate without its other half, a byte that is not UTF-8
 * - `doubled key`: a member before the one of the same name, whose value a reader loses
 * - `line`: a line lost, doubled, cut, or swapped with the next of its lane
 * - `least`: a volatile value with the smallest change, as another run would have it; not an error
 */
export const tamperClasses = ['value', 'absent', 'number', 'text', 'doubled key', 'line', 'least'] as const;
export type TamperClass = (typeof tamperClasses)[number];

/** Why a change may pass where no rule hides it: it means the same. */
export const meanings = ['spelling of a number', 'id of another run'] as const;

export interface Tampering {
  class: TamperClass;
  /** What was done. */
  how: string;
  /** Index of the line. */
  line: number;
  /** JSON pointer into the line; empty for the line itself. */
  path: string;
  /** See `meanings`. */
  means?: (typeof meanings)[number];
  /** The lines of the tampered run. Untouched lines are the same objects. @throws what the run's reader throws */
  lines(): ObservationLine[];
}

export interface TamperInput {
  observation: Observation;
  /** Its lines as they were written, where a blind reader has read `observation`. */
  written: readonly ObservationLine[];
  /** Its normalised form, line by line. */
  reference: NormalisedObservation;
  /** Volatile values of a line. */
  volatile: (line: ObservationLine) => readonly VolatileValue[];
  /** Reads the bytes of a tampered line. Default: as a run does. */
  read?: Reader;
}

/** See `RawLine.read`. */
export type Reader = (raw: RawLine, bytes: Buffer, ended: boolean) => ObservationLine[];

/** Every possible change to the bytes of an observation's lines, one at a time. */
export function* tamperingsOf(input: TamperInput): Generator<Tampering> {
  const { lines } = input.observation;
  for (const [index, line] of lines.entries()) {
    const golden = input.reference.lines[index];
    if (golden === undefined)
      throw new Error(
        `Tampering with line ${index} of ${input.reference.header.scenario}: normalising dropped lines of a hydrated golden`,
      );
    yield* inLine(input, index, input.written[index] ?? line, golden);
    const whole = { class: 'line' as const, line: index, path: '' };
    yield { ...whole, how: 'lost', lines: () => lines.toSpliced(index, 1) };
    yield { ...whole, how: 'doubled', lines: () => lines.toSpliced(index, 0, line) };
    const next = input.reference.lines.findIndex(({ lane }, later) => later > index && lane === golden.lane);
    const other = lines[next];
    if (other === undefined || JSON.stringify(input.reference.lines[next]) === JSON.stringify(golden)) continue;
    const how = 'swapped with the next of its lane';
    yield { ...whole, how, lines: () => lines.with(index, other).with(next, line) };
  }
}

function* inLine(
  { observation: { lines }, volatile, read = ({ read }, bytes, ended) => read(bytes, ended) }: TamperInput,
  index: number,
  line: ObservationLine,
  golden: NormalisedLine,
): Generator<Tampering> {
  const ids = runIds(lines);
  const volatileAt = new Map(volatile(line).map((one) => [pointerTo(one.path), one]));
  for (const raw of rawLinesOf(line)) {
    const withBytes = (bytes: Buffer, ended = true) => lines.toSpliced(index, 1, ...read(raw, bytes, ended));
    const text = raw.bytes.toString('utf8');
    if (raw.writer !== 'harness' && raw.bytes.length > 1) {
      const cut = raw.bytes.subarray(0, Math.floor(raw.bytes.length / 2));
      yield { class: 'line', how: 'cut', line: index, path: '', lines: () => withBytes(cut, false) };
    }
    if (!raw.json) {
      const at = { line: index, path: pointerTo(raw.placeOf([]) ?? []) };
      yield { class: 'value', how: 'text + "~"', ...at, lines: () => withBytes(Buffer.from(`${text}~`)) };
      continue;
    }
    for (const place of placesIn(text)) {
      const path = raw.placeOf(place.path);
      if (path === undefined || path.length === 0 || !isShown(path, golden)) continue;
      const at = { line: index, path: pointerTo(path) };
      for (const { bytes, ...change } of changesOf(text, place, raw, volatileAt.get(at.path), ids))
        yield { ...change, ...at, lines: () => withBytes(bytes()) };
    }
  }
}

/** Ids of a run, and whether one occurs once. Kept, because a golden has hundreds of lines. */
interface RunIds {
  all: readonly string[];
  lone(id: string): boolean;
}

const idsOf = new WeakMap<readonly ObservationLine[], RunIds>();

function runIds(lines: readonly ObservationLine[]): RunIds {
  const known = idsOf.get(lines);
  if (known !== undefined) return known;
  // What `hydrate` adds is trimmed away: an id of it is no id of the run.
  const text = JSON.stringify(lines, (key, value) => (key === 'client_metadata' ? undefined : value));
  const ids = { all: [...new Set(idsIn(text))], lone: (id: string) => text.indexOf(id) === text.lastIndexOf(id) };
  idsOf.set(lines, ids);
  return ids;
}

/**
 * Of a model request, only what the golden shows: not the earlier items of the conversation, which are in earlier lines,
 * nor what `hydrate` added to be trimmed away.
 */
function isShown([first, second, third]: readonly string[], { ch, body }: NormalisedLine): boolean {
  if (ch !== 'model.request' || first !== 'body' || !isObject(body.body)) return true;
  if (second === 'client_metadata') return false;
  return second !== 'input' || third === undefined || Number(third) >= Number(body.body.inputBefore);
}

/** JSON pointer. */
const pointerTo = (path: readonly string[]): string =>
  path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

type Change = Pick<Tampering, 'class' | 'how' | 'means'> & { bytes: () => Buffer };

/** Every change to one place of a line. What only an engine or a client can write is left out of the harness's own records. */
function* changesOf(
  text: string,
  place: JsonPlace,
  { writer }: RawLine,
  volatile: VolatileValue | undefined,
  ids: RunIds,
): Generator<Change> {
  const own = writer === 'harness';
  const put = (other: string) => () => Buffer.from(withText(text, place, other));
  yield { class: 'absent', how: 'removed', bytes: () => Buffer.from(withoutPlace(text, place)) };
  if (place.name !== undefined && !own) {
    const before = `${text.slice(place.name, place.start)}${place.value === null ? '0' : 'null'},`;
    const bytes = () => Buffer.from(text.slice(0, place.name) + before + text.slice(place.name));
    yield { class: 'doubled key', how: 'said twice', bytes };
  }
  if (place.value !== null) yield { class: 'value', how: 'null', bytes: put('null') };
  const empty = typeof place.value === 'string' ? '""' : Array.isArray(place.value) ? '[]' : '{}';
  if ((typeof place.value === 'string' && place.value !== '') || !place.leaf)
    yield { class: 'value', how: 'emptied', bytes: put(empty) };
  if (!place.leaf) return;
  for (const { how, value } of otherValues(place.value, volatile, ids))
    yield { class: 'value', how, bytes: put(JSON.stringify(value)) };
  const least = leastChange(place.value, volatile, ids.lone);
  if (least !== undefined)
    yield { class: 'least', how: least.how, means: 'id of another run', bytes: put(JSON.stringify(least.value)) };
  if (own) return;
  if (typeof place.value === 'number') yield* numberChanges(text.slice(place.start, place.end), put);
  if (typeof place.value === 'string') yield* textChanges(text, place, put, writer);
}

function* numberChanges(written: string, put: (other: string) => Change['bytes']): Generator<Change> {
  for (const other of ['12345678901234567890', '1e400'])
    yield { class: 'number', how: `number → ${other}`, bytes: put(other) };
  if (!/^-?\d+$/.test(written)) return;
  // A double cannot tell these from the next whole number.
  yield { class: 'number', how: 'number.0000000000000000001', bytes: put(`${written}.0000000000000000001`) };
  const means = 'spelling of a number';
  yield { class: 'number', how: 'spelt as a fraction', means, bytes: put(`${written}.0`) };
  if (written === '0') yield { class: 'number', how: '-0', means, bytes: put('-0') };
}

function* textChanges(
  text: string,
  place: JsonPlace,
  put: (other: string) => Change['bytes'],
  writer: RawLine['writer'],
): Generator<Change> {
  const inside = text.slice(place.start, place.end - 1);
  yield { class: 'text', how: 'text + a lone surrogate', bytes: put(`${inside}\\ud800"`) };
  const [before, after] = [text.slice(0, place.end - 1), text.slice(place.end - 1)];
  const bytes = () => Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]);
  if (writer === 'wire') yield { class: 'text', how: 'text + a byte that is not UTF-8', bytes };
}

/** Another value for a leaf, and how it was made. */
interface OtherValue {
  how: string;
  value: JsonValue;
}

const hourMs = 3_600_000;

/** The run's next other id: a wrong one that is right elsewhere. */
function otherId(id: string, ids: readonly string[]): string | undefined {
  const other = ids[(ids.indexOf(id) + 1) % ids.length];
  return other === id ? undefined : other;
}

/**
 * Other values for a leaf (an empty array or object counts as one). A time or a duration moves by an hour, because
 * another run of the same scenario moves it by less; see `leastChange`.
 */
function otherValues(leaf: JsonValue, volatile: VolatileValue | undefined, { all }: RunIds): OtherValue[] {
  if (typeof leaf === 'string') {
    const id = idsIn(leaf)[0];
    const other = id === undefined ? undefined : otherId(id, all);
    const more: OtherValue = { how: 'text + "~"', value: `${leaf}~` };
    return id === undefined || other === undefined
      ? [more]
      : [more, { how: 'another id', value: leaf.replace(id, other) }];
  }
  if (typeof leaf === 'number') {
    const step = volatile === undefined ? 1 : volatile.placeholder === '<seconds>' ? hourMs / 1000 : hourMs;
    return [
      { how: `number + ${step}`, value: leaf + step },
      { how: 'number → text', value: String(leaf) },
    ];
  }
  if (typeof leaf === 'boolean') return [{ how: 'flipped', value: !leaf }];
  if (leaf === null) return [{ how: 'null → text', value: 'x' }];
  return [{ how: 'filled', value: Array.isArray(leaf) ? ['x'] : { x: 'x' } }];
}

/**
 * The smallest change to a leaf that differs in every run; undefined for any other leaf. A fresh id replaces the run's
 * own if it occurs once.
 */
function leastChange(
  leaf: JsonValue,
  volatile: VolatileValue | undefined,
  lone: (id: string) => boolean,
): OtherValue | undefined {
  if (typeof leaf === 'number') return volatile === undefined ? undefined : { how: 'number + 1', value: leaf + 1 };
  if (typeof leaf !== 'string') return undefined;
  if (volatile !== undefined && /\d$/.test(leaf))
    return { how: 'last digit', value: leaf.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)) };
  const id = idsIn(leaf)[0];
  if (id === undefined || !lone(id)) return undefined;
  return { how: 'a fresh id', value: leaf.replace(id, 'ffffffff-ffff-7fff-8fff-ffffffffffff') };
}
