import { isObject, type JsonObject, type JsonValue } from '../../../../testing/json/json.ts';
import { idsIn } from '../../../normalise/bind-ids.ts';
import type { VolatileValue } from '../../../normalise/read-line.ts';
import type { NormalisedLine, NormalisedObservation } from '../../../normalise/types.ts';
import type { Observation, ObservationLine } from '../../../observation/types.ts';

/**
 * - `leaf`: a leaf with another value, or a key or an array element removed
 * - `presence`: a line removed or doubled
 * - `order`: two neighbours of one lane swapped
 * - `least`: a volatile value with the smallest change, as another run would have it; not an error, and not counted as
 * one
 */
export type TamperClass = 'leaf' | 'presence' | 'order' | 'least';

export interface Tampering {
  class: TamperClass;
  /** What was done. */
  how: string;
  /** Index of the line. */
  line: number;
  /** JSON pointer into the line; empty for the line itself. */
  path: string;
  lines: ObservationLine[];
}

export interface TamperInput {
  observation: Observation;
  /** Its normalised form, line by line. */
  reference: NormalisedObservation;
  /** Volatile values of a line. */
  volatile: (line: ObservationLine) => readonly VolatileValue[];
}

/** Every possible change to an observation, one at a time. Untouched lines are the same objects. */
export function* tamperingsOf({ observation: { lines }, reference, volatile }: TamperInput): Generator<Tampering> {
  const text = JSON.stringify(lines);
  const ids = [...new Set(idsIn(text))];
  const lone = (id: string) => text.indexOf(id) === text.lastIndexOf(id);
  for (const [index, line] of lines.entries()) {
    const golden = reference.lines[index];
    if (golden === undefined)
      throw new Error(
        `Tampering with line ${index} of ${reference.header.scenario}: normalising dropped lines of a hydrated golden`,
      );
    const changed = (one: ObservationLine) => lines.with(index, one);
    const volatileAt = new Map(volatile(line).map((one) => [pointerTo(one.path), one]));
    for (const { path, value, leaf } of placesOf(line, golden)) {
      const at = { line: index, path: pointerTo(path) };
      yield { class: 'leaf', how: 'removed', ...at, lines: changed(withPlace(line, path, undefined)) };
      if (!leaf) continue;
      for (const { how, value: other } of changesOf(value, volatileAt.get(at.path), ids)) {
        yield { class: 'leaf', how, ...at, lines: changed(withPlace(line, path, other)) };
      }
      const least = leastChange(value, volatileAt.get(at.path), lone);
      if (least !== undefined)
        yield { class: 'least', how: least.how, ...at, lines: changed(withPlace(line, path, least.value)) };
    }
    const whole = { line: index, path: '' };
    yield { class: 'presence', how: 'removed', ...whole, lines: lines.toSpliced(index, 1) };
    yield { class: 'presence', how: 'doubled', ...whole, lines: lines.toSpliced(index, 0, line) };
    const next = reference.lines.findIndex(({ lane }, later) => later > index && lane === golden.lane);
    const other = lines[next];
    if (other === undefined || JSON.stringify(reference.lines[next]) === JSON.stringify(golden)) continue;
    yield {
      class: 'order',
      how: 'swapped with the next of its lane',
      ...whole,
      lines: lines.with(index, other).with(next, line),
    };
  }
}

/** A value in a line: a leaf, or something that contains values. */
export interface PlacedValue {
  path: readonly string[];
  value: JsonValue;
  leaf: boolean;
}

/**
 * Every value in a line, from its first key downwards. For a model request, only what the golden shows: not the earlier
 * items of the conversation, which are in earlier lines, nor what `hydrate` added to be trimmed away.
 */
function* placesOf(line: ObservationLine, golden: NormalisedLine): Generator<PlacedValue> {
  const { t: _t, ch, ...body } = line as unknown as JsonObject;
  const shown = golden.body.body;
  const earlier = ch === 'model.request' && isObject(shown) ? Number(shown.inputBefore) : 0;
  for (const place of walk(body as JsonObject, [])) {
    const [first, second, third] = place.path;
    if (ch === 'model.request' && first === 'body') {
      if (second === 'client_metadata' || (second === 'input' && Number(third) < earlier)) continue;
    }
    yield place;
  }
}

function* walk(value: JsonValue, path: readonly string[]): Generator<PlacedValue> {
  const inner = Array.isArray(value)
    ? value.map((one, index) => [String(index), one] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (path.length > 0) yield { path, value, leaf: inner.length === 0 };
  for (const [key, one] of inner) yield* walk(one, [...path, key]);
}

/**
 * The line with another value there, or without one if `value` is undefined. Everything else is shared with the old
 * line.
 */
function withPlace(line: ObservationLine, path: readonly string[], value: JsonValue | undefined): ObservationLine {
  return replaced(line as unknown as JsonObject, path, value) as unknown as ObservationLine;
}

function replaced(at: JsonValue, [key, ...rest]: readonly string[], value: JsonValue | undefined): JsonValue {
  if (key === undefined) return value as JsonValue;
  const removes = rest.length === 0 && value === undefined;
  if (Array.isArray(at)) {
    const index = Number(key);
    return at.flatMap((inner, place) => (place !== index ? [inner] : removes ? [] : [replaced(inner, rest, value)]));
  }
  const { [key]: old, ...others } = at as JsonObject;
  return removes ? others : { ...(at as JsonObject), [key]: replaced(old as JsonValue, rest, value) };
}

/** JSON pointer. */
const pointerTo = (path: readonly string[]): string =>
  path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Another value for a leaf, and how it was made. */
export interface Change {
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
function changesOf(leaf: JsonValue, volatile: VolatileValue | undefined, ids: readonly string[]): Change[] {
  if (typeof leaf === 'string') {
    const id = idsIn(leaf)[0];
    const other = id === undefined ? undefined : otherId(id, ids);
    const more: Change = { how: 'text + "~"', value: `${leaf}~` };
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
): Change | undefined {
  if (typeof leaf === 'number') return volatile === undefined ? undefined : { how: 'number + 1', value: leaf + 1 };
  if (typeof leaf !== 'string') return undefined;
  if (volatile !== undefined && /\d$/.test(leaf))
    return { how: 'last digit', value: leaf.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)) };
  const id = idsIn(leaf)[0];
  if (id === undefined || !lone(id)) return undefined;
  return { how: 'a fresh id', value: leaf.replace(id, 'ffffffff-ffff-7fff-8fff-ffffffffffff') };
}
