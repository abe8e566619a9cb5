import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '../../testing/json/json.ts';

/** Whether every key of `match` equals that key of the payload; dotted keys descend, digits index a list. */
export function matchesPayload(payload: JsonValue | undefined, match: JsonObject): boolean {
  return Object.entries(match).every(([key, wanted]) => isDeepStrictEqual(at(payload, key), wanted));
}

function at(payload: JsonValue | undefined, key: string): JsonValue | undefined {
  return key.split('.').reduce<JsonValue | undefined>((value, part) => {
    if (value === null || typeof value !== 'object') return undefined;
    return Object.hasOwn(value, part) ? (value as JsonObject)[part] : undefined;
  }, payload);
}
