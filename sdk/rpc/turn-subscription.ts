import { AbortError } from '../errors/codex-error.ts';
import { copyError, TransportClosedError } from '../errors/connection-errors.ts';
import { awaitValue } from './await-value.ts';
import type { KeepAlive, Waiter } from './condition.ts';
import { type EventReader, lagging } from './event-log.ts';
import { type Collector, Gathering } from './gathering.ts';
import type { Notification } from './notification.ts';
import type { Listener, TurnLog } from './turn-log.ts';
import type { TurnState } from './turn-state.ts';

/** What a subscription needs from the router that created it. */
export interface SubscriptionOwner {
  /** A reader or a listener is gone. */
  released(log: TurnLog): void;
  readonly keepAlive: KeepAlive;
}

/** What a subscription holds of a turn. */
interface Held {
  owner: SubscriptionOwner;
  log: TurnLog;
  reader: EventReader<Notification>;
  listener?: Listener;
}

// A handle that is dropped unread must keep neither its events nor its result forever. The held value refers to
// everything but the subscription.
const abandoned = new FinalizationRegistry<Held>(({ owner, log, reader, listener }) => {
  if (listener) log.listeners.delete(listener);
  reader.close();
  owner.released(log);
});

/** One consumer's position in the events of a turn. */
export class TurnSubscription {
  readonly #owner: SubscriptionOwner;
  readonly #log: TurnLog;
  readonly #reader: EventReader<Notification>;
  readonly #action: string;
  readonly #first: number;
  #closed = false;
  #readToEnd = false;
  #gathering: Gathering<Collector> | undefined;
  readonly #held: Held;
  #keeper: object | undefined;

  constructor(owner: SubscriptionOwner, log: TurnLog, reader = log.read()) {
    this.#owner = owner;
    this.#log = log;
    this.#action = `reading the events of turn ${log.id}`;
    this.#reader = reader;
    this.#first = reader.position;
    this.#held = { owner, log, reader };
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

  get keepAlive(): KeepAlive {
    return this.#owner.keepAlive;
  }

  /** The turn's. */
  get id(): string {
    return this.#log.id;
  }

  /** What it does, for errors. */
  get action(): string {
    return this.#action;
  }

  /** Where the turn is now, whatever has been read of it. */
  get state(): TurnState {
    return this.#log.progress.state;
  }

  /** See `TurnLog.progress`. */
  get progress(): TurnLog['progress'] {
    return this.#log.progress;
  }

  /**
   * The next event, if it is there already.
   * @throws TransportClosedError if the subscription is closed, the turn is over, or the connection is gone
   * @throws CodexError with `kind` `lagging` if the next event has been dropped because too many followed
   */
  take(): Notification | undefined {
    if (this.#closed) throw this.#closedError();
    const event = this.#reader.take();
    if (event !== undefined) return event;
    if (this.#reader.isLost) {
      this.#owner.released(this.#log);
      throw lagging(`the events of turn ${this.#log.id}`, this.#reader, this.#action);
    }
    if (!this.#log.ended) return undefined;
    const failure = this.#reader.takeFailure();
    if (failure) throw copyError(failure, { action: this.#action });
    throw new TransportClosedError('Turn is no longer streaming', { action: this.#action });
  }

  /** Tells `waiter` once, when there is something to take. */
  listen(waiter: Waiter): void {
    this.#reader.listen(waiter);
  }

  /** Takes it back. */
  unlisten(waiter: Waiter): void {
    this.#reader.unlisten(waiter);
  }

  /**
   * Waits for the next event. If `signal` ends the wait, the event goes to the next call.
   * @throws AbortError if `signal` fires; what `take()` throws
   */
  async next(signal?: AbortSignal): Promise<Notification> {
    const source = {
      poll: () => this.take(),
      listen: (waiter: Waiter) => this.listen(waiter),
      unlisten: (waiter: Waiter) => this.unlisten(waiter),
      keepAlive: this.keepAlive,
    };
    return await awaitValue(source, { action: this.#action, signal });
  }

  /** Nothing has been read of it, so its next event is the first that it was made for. */
  get isUntouched(): boolean {
    return !this.#closed && !this.#reader.isLost && this.#reader.position === this.#first;
  }

  /** It has no place in the turn's events any more, and none are to come. */
  get isPast(): boolean {
    const { isLost, position } = this.#reader;
    return this.#log.ended && (this.#closed || isLost || position === this.#log.count);
  }

  /** Another reader of the turn: from this one's place on, or from the turn's next event if this one has no place any more. */
  fork(): TurnSubscription {
    const place = this.#closed || this.#reader.isLost ? undefined : this.#reader;
    const fork = new TurnSubscription(this.#owner, this.#log, this.#log.read(place));
    return this.#keeper ? fork.keep(this.#keeper) : fork;
  }

  /** Calls `listener` for what has come and is not read yet, without reading it. */
  peek(listener: (event: Notification) => void): void {
    this.#log.unread(this.#reader, listener);
  }

  /**
   * Gives `collector` every event that counts for the turn's result from this position on, as it comes, also once this
   * subscription is closed. Wait with `gathered()`.
   */
  gather<C extends Collector>(collector: C): Gathering<C> {
    const gathering = new Gathering(this.#log.id, collector, this.#log.maxWeight);
    if (this.#reader.isLost) gathering.lose();
    else this.#log.follow(gathering, this.#reader);
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
      await gathering.condition.wait(this.keepAlive, signal);
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
    this.#reader.close();
    this.#owner.released(this.#log);
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
}
