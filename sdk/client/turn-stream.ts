import type { TurnDenials } from '../approvals/denials.ts';
import { TransportClosedError } from '../errors/connection-errors.ts';
import type {
  AgentMessageDeltaNotification,
  ItemCompletedNotification,
  TurnCompletedNotification,
} from '../protocol/index.ts';
import type { KeepAlive, Waiter } from '../rpc/condition.ts';
import { type EventSource, eventStream } from '../rpc/event-stream.ts';
import { isObject } from '../rpc/is-object.ts';
import type { Notification } from '../rpc/notification.ts';
import type { TurnSubscription } from '../rpc/turn-subscription.ts';
import { Next } from '../rpc/young.ts';
import { TurnCollector, type TurnResult } from './turn-result.ts';

/** The source of a turn's events. */
export type TurnEvents = Pick<TurnSubscription, 'take' | 'listen' | 'unlisten' | 'close' | 'action' | 'keepAlive'>;

/**
 * Yields the events of a turn from a subscription's position on; `turn/completed` is the last one. When it ends,
 * including by `break`, it closes the subscription. If it is closed before its first event, the subscription stays as
 * it is.
 */
export function turnStream(events: TurnEvents, signal?: AbortSignal): AsyncGenerator<Notification, void, void> {
  return eventStream(new TurnSource(events), { action: events.action, signal });
}

class TurnSource implements EventSource<Notification, void> {
  readonly #events: TurnEvents;
  readonly keepAlive: KeepAlive;
  #readToEnd = false;

  constructor(events: TurnEvents) {
    this.#events = events;
    this.keepAlive = events.keepAlive;
  }

  poll(): IteratorResult<Notification, void> | undefined {
    if (this.#readToEnd) return { done: true, value: undefined };
    const event = this.#events.take();
    if (event === undefined) return undefined;
    // Only events of this turn get here, so this is its completion, whatever else its payload holds.
    if (event.method === 'turn/completed') this.#readToEnd = true;
    return new Next(event);
  }

  listen(waiter: Waiter): void {
    this.#events.listen(waiter);
  }

  unlisten(waiter: Waiter): void {
    this.#events.unlisten(waiter);
  }

  close(): void {
    this.#events.close(this.#readToEnd);
  }
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
  return new TurnTexts(events, new TurnCollector(turnId, denials), answer);
}

class TurnTexts<R> implements EventSource<AgentMessageDeltaNotification, R> {
  readonly keepAlive: KeepAlive;
  readonly #events: TurnSubscription;
  readonly #collector: TurnCollector;
  readonly #answer: (result: TurnResult) => Promise<R>;
  /** The messages that deltas have told. */
  readonly #told = new Set<string>();
  #telling: string | undefined;
  #readToEnd = false;

  constructor(events: TurnSubscription, collector: TurnCollector, answer: (result: TurnResult) => Promise<R>) {
    this.keepAlive = events.keepAlive;
    this.#events = events;
    this.#collector = collector;
    this.#answer = answer;
  }

  poll(): IteratorResult<AgentMessageDeltaNotification, R> | undefined {
    while (!this.#readToEnd) {
      const event = this.#events.take();
      if (event === undefined) return undefined;
      if (event.method === 'item/agentMessage/delta') {
        const { delta, itemId } = event.payload;
        if (typeof delta !== 'string') continue;
        if (itemId !== this.#telling) {
          this.#telling = itemId;
          this.#told.add(itemId);
        }
        return new Next(event.payload);
      }
      this.#readToEnd = event.method === 'turn/completed';
      this.#collector.take(event);
      const text = event.method === 'item/completed' ? wholeText(event.payload) : undefined;
      if (text !== undefined && !this.#told.has(text.itemId)) return new Next(text);
    }
    return { done: true, value: undefined as R };
  }

  async last(): Promise<R> {
    return await this.#answer(this.#collector.result());
  }

  listen(waiter: Waiter): void {
    this.#events.listen(waiter);
  }

  unlisten(waiter: Waiter): void {
    this.#events.unlisten(waiter);
  }

  close(): void {
    this.#events.close(this.#readToEnd);
  }
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
