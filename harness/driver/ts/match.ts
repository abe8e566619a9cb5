import type { JsonObject } from '../../../testing/json/json.ts';
import { matchesPayload } from '../../scenario/match-payload.ts';
import type { ObservedEvent } from './adapter.ts';

/** Whether every key of `match` equals that key of the event (`method`) or of its payload; dotted keys descend. */
export function matches(event: ObservedEvent, { method, ...payload }: JsonObject): boolean {
  return (method === undefined || method === event.method) && matchesPayload(event.payload, payload);
}
