import { AbortError, CodexError } from '../errors/codex-error.ts';
import { copyError, TransportClosedError } from '../errors/connection-errors.ts';
import type { KeepAlive } from './condition.ts';
import type { Notification } from './notification.ts';
import { Reader, type TurnLog } from './turn-log.ts';

/** What a subscription needs from the router that created it. */
export interface SubscriptionOwner {
  /** The reader has moved forward. */
  advanced(log: TurnLog): void;
  /** The reader is gone. */
  released(log: TurnLog, reader: Reader): void;
  readonly keepAlive: KeepAlive;
}

// A handle that is dropped unread must not keep its events forever. The held value refers to everything but the
// subscription.
const abandoned = new FinalizationRegistry<{ owner: SubscriptionOwner; log: TurnLog; reader: Reader }>(
  ({ owner, log, reader }) => owner.released(log, reader),
);

/** One consumer's position in the events of a turn. */
export class TurnSubscription {
  readonly #owner: SubscriptionOwner;
  readonly #log: TurnLog;
  readonly #reader: Reader;
  readonly #action: string;
  #closed = false;
  #keeper: object | undefined;

  constructor(owner: SubscriptionOwner, log: TurnLog, position: number) {
    this.#owner = owner;
    this.#log = log;
    this.#action = `reading the events of turn ${log.id}`;
    this.#reader = new Reader(position);
    log.readers.add(this.#reader);
    abandoned.register(this, { owner, log, reader: this.#reader }, this);
  }

  /** Whoever can read the turn keeps this object alive: the client, whose end would end the turn's events. */
  keep(keeper: object): this {
    this.#keeper = keeper;
    return this;
  }

  /** See `keep()`; undefined once it is closed. */
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
      if (this.#closed) throw new TransportClosedError('Turn subscription closed', { action: this.#action });
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

  /** Stops reading; waiting calls fail with `Turn subscription closed`. Other consumers of the turn continue. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#keeper = undefined;
    abandoned.unregister(this);
    this.#owner.released(this.#log, this.#reader);
    this.#reader.condition.notifyAll();
  }

  #lagging(): CodexError {
    return new CodexError(
      `the events of turn ${this.#log.id} were read too slowly: event ${this.#reader.position + 1} and others were let go, ` +
        'as more than CodexConfig.unreadLimit were waiting',
      { kind: 'lagging', action: this.#action },
    );
  }
}
