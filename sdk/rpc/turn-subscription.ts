import { AbortError, CodexError } from '../errors/codex-error.ts';
import { copyError, TransportClosedError } from '../errors/connection-errors.ts';
import type { KeepAlive } from './condition.ts';
import { type Collector, Gathering } from './gathering.ts';
import type { Notification } from './notification.ts';
import { type Listener, Reader, type TurnLog } from './turn-log.ts';

/** What a subscription needs from the router that created it. */
export interface SubscriptionOwner {
  /** The reader has moved forward. */
  advanced(log: TurnLog): void;
  /** The reader is gone. */
  released(log: TurnLog, reader: Reader): void;
  readonly keepAlive: KeepAlive;
}

/** What a subscription holds of a turn. */
interface Held {
  owner: SubscriptionOwner;
  log: TurnLog;
  reader: Reader;
  listener?: Listener;
}

// A handle that is dropped unread must keep neither its events nor its result forever. The held value refers to
// everything but the subscription.
const abandoned = new FinalizationRegistry<Held>(({ owner, log, reader, listener }) => {
  if (listener) log.listeners.delete(listener);
  owner.released(log, reader);
});

/** One consumer's position in the events of a turn. */
export class TurnSubscription {
  readonly #owner: SubscriptionOwner;
  readonly #log: TurnLog;
  readonly #reader: Reader;
  readonly #action: string;
  #closed = false;
  #readToEnd = false;
  #gathering: Gathering<Collector> | undefined;
  readonly #held: Held;
  #keeper: object | undefined;

  constructor(owner: SubscriptionOwner, log: TurnLog, position: number) {
    this.#owner = owner;
    this.#log = log;
    this.#action = `reading the events of turn ${log.id}`;
    this.#reader = new Reader(position);
    log.readers.add(this.#reader);
    this.#held = { owner, log, reader: this.#reader };
    abandoned.register(this, this.#held, this);
  }

  /** Whoever can read the turn keeps this object alive: the client, whose end would end the turn's events. */
  keep(keeper: object): this {
    this.#keeper = keeper;
    return this;
  }

  /** See `keep()`; undefined once it is closed and nothing more is gathered. */
  get keeper(): object | undefined {
    return this.#keeper;
  }

  /**
   * Waits for the next event. If `signal` ends the wait, the event goes to the next call.
   * @throws TransportClosedError if the subscription is closed, the turn is over, or the connection is gone
   * @throws CodexError with `kind` `lagging` if the next event has been dropped because too many followed
   * @throws AbortError if `signal` fires
   */
  async next(signal?: AbortSignal): Promise<Notification> {
    for (;;) {
      if (this.#closed) throw this.#closedError();
      if (signal?.aborted) throw new AbortError(this.#action, signal.reason);
      if (this.#log.isLost(this.#reader)) {
        this.#owner.released(this.#log, this.#reader);
        throw this.#lagging();
      }
      const entry = this.#log.at(this.#reader.position);
      if (entry) {
        this.#reader.position += 1;
        this.#owner.advanced(this.#log);
        if ('failure' in entry) throw copyError(entry.failure, { action: this.#action });
        return entry.event;
      }
      if (this.#log.ended) throw new TransportClosedError('Turn is no longer streaming', { action: this.#action });
      await this.#reader.condition.wait(this.#owner.keepAlive, signal);
    }
  }

  /**
   * Gives `collector` every event from this position on, as it comes, also once this subscription is closed. Wait with
   * `gathered()`.
   */
  gather<C extends Collector>(collector: C): Gathering<C> {
    const gathering = new Gathering(this.#log.id, collector, this.#log.maxWeight);
    if (this.#log.isLost(this.#reader)) gathering.lose();
    else this.#log.follow(gathering, this.#reader.position);
    if (this.#log.ended) gathering.fail(new TransportClosedError('Turn is no longer streaming'));
    this.#gathering = gathering;
    this.#held.listener = gathering;
    return gathering;
  }

  /**
   * Waits until a gathering of this subscription is over, and returns its collector. It reads nothing.
   * @throws AbortError if `signal` fires; the connection's cause; CodexError with `kind` `lagging` beyond the limit
   */
  async gathered<C extends Collector>(gathering: Gathering<C>, signal?: AbortSignal): Promise<C> {
    const action = `waiting for the result of turn ${this.#log.id}`;
    for (;;) {
      if (signal?.aborted) throw new AbortError(action, signal.reason);
      if (gathering.over) break;
      await gathering.condition.wait(this.#owner.keepAlive, signal);
    }
    this.#letGo();
    return gathering.collector(action);
  }

  /**
   * Stops reading; waiting calls fail with `Turn subscription closed`. Other consumers of the turn continue.
   * @param readToEnd the reader has had the turn's last event
   */
  close(readToEnd = false): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#readToEnd = readToEnd;
    this.#letGo();
    // What is gathered may go on, and needs the handle.
    if (!this.#gathering) abandoned.unregister(this);
    this.#owner.released(this.#log, this.#reader);
    this.#reader.condition.notifyAll();
  }

  #letGo(): void {
    if (this.#closed && this.#gathering?.over !== false) this.#keeper = undefined;
  }

  #closedError(): TransportClosedError {
    const why = this.#readToEnd
      ? 'its events have been read to the end'
      : 'reading its events ended early, as a loop was left, or a call was aborted or failed';
    const advice = this.#gathering ? '; for the result, use turn.result()' : '';
    return new TransportClosedError(`Turn subscription closed: ${why}${advice}`, { action: this.#action });
  }

  #lagging(): CodexError {
    return new CodexError(
      `the events of turn ${this.#log.id} were read too slowly: event ${this.#reader.position + 1} and others were let go, ` +
        'as more than CodexConfig.unreadLimit were waiting',
      { kind: 'lagging', action: this.#action },
    );
  }
}
