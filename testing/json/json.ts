import { ExactNumber } from './exact-number.ts';

/** A JSON value, as returned by `JSON.parse` and `readJson`. Only `readJson` returns an `ExactNumber`. */
export type JsonValue = null | boolean | number | string | ExactNumber | JsonValue[] | { [key: string]: JsonValue };
/** A JSON object. */
export type JsonObject = { [key: string]: JsonValue };

/** Narrows JSON to an object: not null, not a list, not an `ExactNumber`. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/**
 * Copies a list or an object with each of its children changed, and returns every other value unchanged. The caller
 * recurses: `const visit = (value) => (typeof value === 'string' ? value.trim() : mapChildren(value, visit))`.
 * @param change leaves out a child for which it returns `undefined`
 * @param membersOf an object's members in the order in which they are changed; by default all, as they stand
 */
export function mapChildren(
  value: JsonValue,
  change: (child: JsonValue, key: string | number) => JsonValue | undefined,
  changeKey: (key: string) => string = (key) => key,
  membersOf: (value: JsonObject) => [key: string, child: JsonValue][] = Object.entries<JsonValue>,
): JsonValue {
  if (Array.isArray(value)) return value.map(change).filter((child) => child !== undefined);
  if (!isObject(value)) return value;
  const members = membersOf(value).map(([key, child]) => [changeKey(key), change(child, key)] as const);
  // An assignment would lose a member named `__proto__`.
  return Object.fromEntries(members.filter(([, child]) => child !== undefined)) as JsonObject;
}

/** Copies a value with each of its texts changed, including the names of members. */
export function mapTexts(value: JsonValue, change: (text: string) => string): JsonValue {
  const visit = (inner: JsonValue): JsonValue =>
    typeof inner === 'string' ? change(inner) : mapChildren(inner, visit, change);
  return visit(value);
}
