import { isObject, type JsonObject, type JsonValue } from '../../../testing/json/json.ts';
import { execEvents, execItems } from '../../scenario/exec-names.ts';
import type { ObservedEvent } from '../ts/adapter.ts';

/**
 * Everything except the events and items that the official SDKs have types for is passed through and observed as
 * unknown.
 */
const events: ReadonlySet<unknown> = new Set(execEvents);
const items: ReadonlySet<unknown> = new Set(execItems);

/** An event of `exec --json`, as observed: its `type` is the method, its other members are the payload. */
export function execEvent(value: JsonValue): ObservedEvent {
  if (!isObject(value)) return { method: '?', payload: { value }, known: false };
  const { type, ...payload } = value;
  return { method: String(type), payload, known: events.has(type) && isKnownItem(payload) };
}

function isKnownItem({ item }: JsonObject): boolean {
  return item === undefined || (item !== null && typeof item === 'object' && 'type' in item && items.has(item.type));
}
