import { CodexError } from '../errors/codex-error.ts';
import { copyError, TransportClosedError } from '../errors/connection-errors.ts';
import { Condition, type Waiter, Waiters } from './condition.ts';
import { eventWeight } from './event-log.ts';
import type { Notification } from './notification.ts';
import type { Listener } from './turn-log.ts';

/** Takes the events of a turn that count for its result, one after the other. */
export interface Collector {
  take(event: Notification): void;
  /** Whether nothing more counts. Default: after the turn's completion. */
  readonly over?: boolean;
}

/**
 * Passes a turn's events to a collector as they come, whether or not anybody reads them. Completed items stay in the
 * collector, so they have the limit of unread events: what is larger is let go, but a single item stays.
 */
export class Gathering<C extends Collector> implements Listener {
  readonly turnId: string;
  /** Nothing will be added: the turn has ended, or what it came to is out of reach. */
  over = false;
  /** Notified when it is over. */
  readonly condition = new Condition();
  readonly #waiters = new Waiters();
  readonly #maxWeight: number;
  #collector: C | undefined;
  #weight = 0;
  #items = 0;
  #failure: Error | undefined;

  constructor(turnId: string, collector: C, maxWeight: number) {
    this.turnId = turnId;
    this.#collector = collector;
    this.#maxWeight = maxWeight;
  }

  take(event: Notification, size: number): void {
    if (this.over) return;
    this.#collector?.take(event);
    if (this.#collector?.over ?? event.method === 'turn/completed') this.#end();
    else if (event.method === 'item/completed') {
      this.#weight += size + eventWeight;
      this.#items += 1;
      if (this.#weight > this.#maxWeight && this.#items > 1) this.lose();
      else this.#waiters.tellAll();
    }
  }

  /** Tells `waiter` once, when there is another item, or it is over. */
  listen(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  /** Takes it back. */
  unlisten(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  /** The turn's end cannot come any more. */
  fail(cause: Error): void {
    if (this.over) return;
    this.#failure = cause;
    this.#collector = undefined;
    this.#end();
  }

  /** Lets go of what has been collected. */
  lose(): void {
    const what = `the result of turn ${this.turnId} was let go, as its items came to more than CodexConfig.unreadLimit`;
    this.fail(new CodexError(`${what}; set a higher limit, or read the turn with run()`, { kind: 'lagging' }));
  }

  /** The collector, with what it has had so far. @throws why the turn's end is out of reach */
  collector(action: string): C {
    if (this.#collector) return this.#collector;
    throw copyError(this.#failure ?? new TransportClosedError('Turn is no longer streaming'), { action });
  }

  #end(): void {
    this.over = true;
    this.condition.notifyAll();
    this.#waiters.tellAll();
  }
}
