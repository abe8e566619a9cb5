import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '../../../testing/scripted-model/types.ts';
import type { ObservedEvent } from './adapter.ts';

/** True when every key of `match` equals that key of the event (`method`) or of its payload; dotted keys descend. */
export function matches(event: ObservedEvent, match: JsonObject): boolean {
  return Object.entries(match).every(([key, wanted]) => isDeepStrictEqual(at(event, key), wanted));
}

function at(event: ObservedEvent, key: string): JsonValue | undefined {
  if (key === 'method') return event.method;
  return key.split('.').reduce<JsonValue | undefined>((value, part) => {
    if (value === null || typeof value !== 'object') return undefined;
    return Object.hasOwn(value, part) ? (value as JsonObject)[part] : undefined;
  }, event.payload);
}
