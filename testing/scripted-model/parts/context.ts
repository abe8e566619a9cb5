import type { JsonObject } from '../../json/json.ts';
import type { NextId } from '../ids.ts';
import type { Latches } from '../latches.ts';
import type { SseEvent } from '../sse.ts';

/** What a part needs to be played. */
export interface PartContext {
  nextId: NextId;
  latches: Latches;
  /** Aborts when the engine has left, or the server closes. */
  signal: AbortSignal;
  /** Sends one event; `response.created` goes before the first. */
  send(event: SseEvent): Promise<void>;
  /** Index of the next output item; each item takes one. */
  nextOutputIndex(): number;
}

/** Sends a whole output item at once. */
export function sendItem(context: PartContext, item: JsonObject): Promise<void> {
  return context.send({ type: 'response.output_item.done', output_index: context.nextOutputIndex(), item });
}
