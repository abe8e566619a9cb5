import { TransportClosedError } from '../errors/connection-errors.ts';
import type { AgentMessageDeltaNotification, TurnCompletedNotification } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import type { Notification } from '../rpc/notification.ts';
import type { TurnSubscription } from '../rpc/turn-subscription.ts';
import { endable } from './interruptible.ts';

/** Where a turn's events come from. */
export type TurnEvents = Pick<TurnSubscription, 'next' | 'close'>;

/**
 * The events of a turn from a subscription's place on, `turn/completed` last. It ends, also by `break`, by closing the
 * subscription; one that is closed before its first event leaves it as it is.
 *
 * The one difference to a plain async generator: `return()` during a wait ends the wait. A plain one would stay until
 * the next event, which may never come.
 */
export function turnStream(subscription: TurnEvents, signal?: AbortSignal): AsyncGenerator<Notification, void, void> {
  let started = false;
  let returned = false;
  async function* read(): AsyncGenerator<Notification, void, void> {
    started = true;
    try {
      for (;;) {
        const event = await subscription.next(signal);
        yield event;
        // Only this turn's events get here, so it is this turn's completion, whatever else its payload holds.
        if (event.method === 'turn/completed') return;
      }
    } catch (error) {
      if (!returned) throw error;
    } finally {
      subscription.close();
    }
  }
  return endable(read(), () => {
    returned = true;
    if (started) subscription.close();
  });
}

/** The texts of the agent's messages as they come, to the end of the turn. */
export async function* turnTexts(
  subscription: TurnSubscription,
  signal?: AbortSignal,
): AsyncGenerator<AgentMessageDeltaNotification, void, void> {
  for await (const event of turnStream(subscription, signal)) {
    if (event.method === 'item/agentMessage/delta' && typeof event.payload.delta === 'string') yield event.payload;
  }
}

/** Reads a turn to its end. @throws TransportClosedError when it cannot be read to a completion that says which turn it ends */
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
