import type { TurnDenials } from '../approvals/denials.ts';
import { TransportClosedError } from '../errors/connection-errors.ts';
import type {
  AgentMessageDeltaNotification,
  ItemCompletedNotification,
  TurnCompletedNotification,
} from '../protocol/index.ts';
import { type EventSource, eventStream } from '../rpc/event-stream.ts';
import { isObject } from '../rpc/is-object.ts';
import type { Notification } from '../rpc/notification.ts';
import type { TurnSubscription } from '../rpc/turn-subscription.ts';
import { TurnCollector, type TurnResult } from './turn-result.ts';

/** The source of a turn's events. */
export type TurnEvents = Pick<TurnSubscription, 'take' | 'listen' | 'unlisten' | 'close' | 'action' | 'keepAlive'>;

/**
 * Yields the events of a turn from a subscription's position on; `turn/completed` is the last one. When it ends,
 * including by `break`, it closes the subscription. If it is closed before its first event, the subscription stays as
 * it is.
 */
export function turnStream(events: TurnEvents, signal?: AbortSignal): AsyncGenerator<Notification, void, void> {
  return eventStream(turnSource(events), { action: events.action, signal });
}

function turnSource(events: TurnEvents): EventSource<Notification, void> {
  let readToEnd = false;
  return {
    poll() {
      if (readToEnd) return { done: true, value: undefined };
      const event = events.take();
      if (event === undefined) return undefined;
      // Only events of this turn get here, so this is its completion, whatever else its payload holds.
      readToEnd = event.method === 'turn/completed';
      return { done: false, value: event };
    },
    listen: (news) => events.listen(news),
    unlisten: (news) => events.unlisten(news),
    close: () => events.close(readToEnd),
    keepAlive: events.keepAlive,
  };
}

/**
 * The text of the agent's messages as it arrives, to the end of the turn. A message that comes without deltas is one
 * piece. The end is what `answer` makes of the turn's result, or a TurnFailedError.
 */
export function turnTexts<R>(
  events: TurnSubscription,
  turnId: string,
  denials: TurnDenials,
  answer: (result: TurnResult) => Promise<R>,
): EventSource<AgentMessageDeltaNotification, R> {
  const collector = new TurnCollector(turnId, denials);
  const told = new Set<string>();
  const source = turnSource(events);
  let telling: string | undefined;
  return {
    ...source,
    last: async () => await answer(collector.result()),
    poll() {
      for (;;) {
        const result = source.poll();
        if (!result) return undefined;
        if (result.done) return { done: true, value: undefined as R };
        const event = result.value;
        if (event.method === 'item/agentMessage/delta') {
          const { delta, itemId } = event.payload;
          if (typeof delta !== 'string') continue;
          if (itemId !== telling) {
            telling = itemId;
            told.add(itemId);
          }
          return { done: false, value: event.payload };
        }
        collector.take(event);
        const text = event.method === 'item/completed' ? wholeText(event.payload) : undefined;
        if (text !== undefined && !told.has(text.itemId)) return { done: false, value: text };
      }
    },
  };
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
