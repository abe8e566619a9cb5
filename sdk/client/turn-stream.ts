import type { TurnDenials } from '../approvals/denials.ts';
import { forReader } from '../errors/callers-line.ts';
import { TransportClosedError } from '../errors/connection-errors.ts';
import type {
  AgentMessageDeltaNotification,
  ItemCompletedNotification,
  TurnCompletedNotification,
} from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import type { Notification } from '../rpc/notification.ts';
import type { TurnSubscription } from '../rpc/turn-subscription.ts';
import { endable } from './interruptible.ts';
import { TurnCollector, type TurnResult } from './turn-result.ts';

/** The source of a turn's events. */
export type TurnEvents = Pick<TurnSubscription, 'next' | 'close'>;

/**
 * Yields the events of a turn from a subscription's position on; `turn/completed` is the last one. When it ends,
 * including by `break`, it closes the subscription. If it is closed before its first event, the subscription stays as
 * it is.
 *
 * It differs from a plain async generator in one way: `return()` ends a pending wait. A plain one would wait for the
 * next event, which may never come.
 */
export function turnStream(subscription: TurnEvents, signal?: AbortSignal): AsyncGenerator<Notification, void, void> {
  let started = false;
  let readToEnd = false;
  let returned = false;
  async function* read(): AsyncGenerator<Notification, void, void> {
    started = true;
    try {
      for (;;) {
        const event = await subscription.next(signal);
        // Only events of this turn get here, so this is its completion, whatever else its payload holds.
        readToEnd = event.method === 'turn/completed';
        yield event;
        if (readToEnd) return;
      }
    } catch (error) {
      if (!returned) throw forReader(error);
    } finally {
      subscription.close(readToEnd);
    }
  }
  return endable(read(), () => {
    returned = true;
    if (started) subscription.close(readToEnd);
  });
}

/**
 * Yields the text of the agent's messages as it arrives, to the end of the turn. A message that comes without deltas is
 * one piece.
 * @returns the turn's result
 * @throws TurnFailedError at the end, if the turn failed
 */
export async function* turnTexts(
  subscription: TurnSubscription,
  turnId: string,
  denials: TurnDenials,
  signal?: AbortSignal,
): AsyncGenerator<AgentMessageDeltaNotification, TurnResult, void> {
  const collector = new TurnCollector(turnId, denials);
  const told = new Set<string>();
  for await (const event of turnStream(subscription, signal)) {
    collector.take(event);
    if (event.method === 'item/agentMessage/delta') {
      if (typeof event.payload.delta !== 'string') continue;
      told.add(event.payload.itemId);
      yield event.payload;
    } else if (event.method === 'item/completed') {
      const text = wholeText(event.payload);
      if (text !== undefined && !told.has(text.itemId)) yield text;
    }
  }
  return collector.result();
}

/** The text of a completed message as one piece; undefined for any other item, and for an empty text. */
function wholeText({ item, threadId, turnId }: ItemCompletedNotification): AgentMessageDeltaNotification | undefined {
  // Passed on unchanged, so it is checked before it is used.
  const { type, id, text }: { type?: unknown; id?: unknown; text?: unknown } = isObject(item) ? item : {};
  if (type !== 'agentMessage') return undefined;
  return typeof id === 'string' && typeof text === 'string' && text !== ''
    ? { threadId, turnId, itemId: id, delta: text }
    : undefined;
}

/** Reads a turn to its end. @throws TransportClosedError if no completion arrives that says which turn it ends */
export async function turnCompletion(
  subscription: TurnSubscription,
  turnId: string,
  signal?: AbortSignal,
): Promise<TurnCompletedNotification> {
  for await (const event of turnStream(subscription, signal)) {
    if (event.method !== 'turn/completed') continue;
    if (isObject(event.payload.turn) && event.payload.turn.id === turnId) return event.payload;
  }
  throw new TransportClosedError('Turn is no longer streaming');
}
