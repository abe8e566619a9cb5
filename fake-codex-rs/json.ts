import { ExactNumber, writeJson } from './exact-json.ts';

/**
 * A JSON value. The fake has its own types and readers: what it shared with the SDK could not reveal the SDK's bugs.
 */
export type JsonValue = null | boolean | number | string | ExactNumber | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** One step of a JSON pointer (RFC 6901). */
export const pointerStep = (key: string | number): string =>
  `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** A value for a sentence: its JSON, cut if it is long; `nothing` if there is none. */
export function shown(value: JsonValue | undefined, length = 120): string {
  if (value === undefined) return 'nothing';
  const text = writeJson(value);
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
