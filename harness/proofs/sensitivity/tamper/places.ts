import type { JsonObject, JsonValue } from '../../../../testing/json/json.ts';
import { isObject } from '../../../../testing/json/json.ts';
import type { NormalisedLine } from '../../../normalise/types.ts';
import type { ObservationLine } from '../../../observation/types.ts';

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
export function* placesOf(line: ObservationLine, golden: NormalisedLine): Generator<PlacedValue> {
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
export function withPlace(
  line: ObservationLine,
  path: readonly string[],
  value: JsonValue | undefined,
): ObservationLine {
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
export const pointerTo = (path: readonly string[]): string =>
  path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
