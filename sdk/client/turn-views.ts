import type { ThreadItem } from '../protocol/index.ts';
import type { EventSource } from '../rpc/event-stream.ts';
import type { Gathering } from '../rpc/gathering.ts';
import type { TurnSubscription } from '../rpc/turn-subscription.ts';
import { turnOf } from './goal-events.ts';
import { MessageTexts, messageIn } from './message-texts.ts';
import type { TurnCollector } from './turn-result.ts';

/**
 * What a turn's handle has at a moment, for a reader that takes nothing from the handle or from anybody else. See
 * `TurnSubscription.fork()`.
 */
export interface TurnView {
  subscription: TurnSubscription;
  gathering: Gathering<TurnCollector>;
  /** The events that the handle had not read. Undefined if it has no place any more, and none are to come. */
  events: TurnSubscription | undefined;
  /** They are all that the handle was made for. */
  whole: boolean;
}

/** The items that have completed since the handle exists, then each as it completes. The end is that of `result()`. */
export function itemsOf({ subscription, gathering }: TurnView): EventSource<ThreadItem, void> {
  const action = `reading the items of turn ${subscription.id}`;
  let items: readonly ThreadItem[] | undefined;
  let next = 0;
  return {
    poll() {
      // Kept here: whoever has begun to read gets what has come, also if the turn's end is out of reach.
      items ??= gathering.collector(action).items;
      const value = items[next];
      if (value !== undefined) {
        next += 1;
        return { done: false, value };
      }
      if (!gathering.over) return undefined;
      gathering.collector(action).result();
      return { done: true, value: undefined };
    },
    listen: (waiter) => gathering.listen(waiter),
    unlisten: (waiter) => gathering.unlisten(waiter),
    close: () => {},
    keepAlive: subscription.keepAlive,
  };
}

/**
 * The texts of the messages that the handle has read, whole, then the text of all others as it arrives. The end is that of
 * `result()`.
 */
export function textOf({ subscription, gathering, events, whole }: TurnView): EventSource<string, void> {
  const action = `reading the text of turn ${subscription.id}`;
  const texts = new MessageTexts(whole);
  let past: string[] | undefined = whole ? [] : undefined;
  let readToEnd = false;
  /** @throws what `result()` throws */
  const end = (): IteratorReturnResult<void> => {
    gathering.collector(action).result();
    return { done: true, value: undefined };
  };
  return {
    poll() {
      past ??= textsBefore(gathering.collector(action).items, events);
      const first = past.shift();
      if (first !== undefined) return { done: false, value: first };
      if (!events) return end();
      for (let event = events.take(); event; event = events.take()) {
        const value = texts.piece(event);
        if (value !== undefined) return { done: false, value };
        if (event.method !== 'turn/completed') continue;
        readToEnd = true;
        // The items of a turn that went well need not be there: they may have been too many.
        const { status, error } = turnOf(event);
        return status === 'completed' && !error ? { done: true, value: undefined } : end();
      }
      return undefined;
    },
    listen: (waiter) => events?.listen(waiter),
    unlisten: (waiter) => events?.unlisten(waiter),
    close: () => events?.close(readToEnd),
    keepAlive: subscription.keepAlive,
  };
}

/** The texts of the messages that have completed and that `events` does not bring. */
function textsBefore(items: readonly ThreadItem[], events: TurnSubscription | undefined): string[] {
  const toCome = new Set<string>();
  events?.peek((event) => {
    const message = event.method === 'item/completed' ? messageIn(event.payload.item) : undefined;
    if (message) toCome.add(message.id);
  });
  return items
    .flatMap((item) => messageIn(item) ?? [])
    .filter(({ id, text }) => text !== '' && !toCome.has(id))
    .map(({ text }) => text);
}
