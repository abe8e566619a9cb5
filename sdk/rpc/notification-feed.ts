import { copyError } from '../errors/connection-errors.ts';
import { awaitValue, type ValueSource } from './await-value.ts';
import type { KeepAlive, Waiter } from './condition.ts';
import type { Notification } from './notification.ts';

/**
 * A first-in, first-out list of at most `capacity` entries that weigh at most `maxWeight` together. A further entry
 * pushes out the oldest ones, which are counted. The newest always stays, whatever it weighs. Reading is O(1).
 */
export class BoundedQueue<T> {
  readonly #capacity: number;
  readonly #maxWeight: number;
  #entries: { entry: T; weight: number }[] = [];
  #head = 0;
  #weight = 0;
  #dropped = 0;

  constructor(capacity: number, maxWeight: number) {
    this.#capacity = capacity;
    this.#maxWeight = maxWeight;
  }

  get length(): number {
    return this.#entries.length - this.#head;
  }

  /** How many entries were pushed out unread. */
  get dropped(): number {
    return this.#dropped;
  }

  push(entry: T, weight: number): void {
    this.#entries.push({ entry, weight });
    this.#weight += weight;
    while (this.length > this.#capacity || (this.#weight > this.#maxWeight && this.length > 1)) {
      this.shift();
      this.#dropped += 1;
    }
  }

  shift(): T | undefined {
    const oldest = this.#entries[this.#head];
    if (!oldest) return undefined;
    this.#weight -= oldest.weight;
    this.#head += 1;
    // Cut off the part that has been read only once it is half of the list, so that each entry is moved at most once.
    if (this.#head * 2 >= this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return oldest.entry;
  }
}

/**
 * How many unread notifications are kept. Python keeps all of them, so a program that never reads them grows without
 * bound.
 */
const feedCapacity = 10_000;

/** What a reader of the feed does, for its errors. */
export const readingFeed = 'waiting for the next notification';

/** Notifications that belong to no turn and no login, in order of arrival. Each goes to one reader. */
export class NotificationFeed implements ValueSource<Notification> {
  readonly keepAlive: KeepAlive;
  readonly #unread: BoundedQueue<Notification>;
  /** Whoever waits, the longest first. */
  readonly #waiters = new Set<Waiter>();
  #failure: Error | undefined;

  /** @param unreadLimit how many characters of their lines are kept */
  constructor(keepAlive: KeepAlive, unreadLimit: number) {
    this.keepAlive = keepAlive;
    this.#unread = new BoundedQueue(feedCapacity, unreadLimit);
  }

  /** How many notifications were dropped, oldest first, because nobody read them. */
  get dropped(): number {
    return this.#unread.dropped;
  }

  push(notification: Notification, size = 0): void {
    this.#unread.push(notification, size);
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter);
      waiter.tell();
      if (this.#unread.length === 0) return;
    }
  }

  fail(cause: Error): void {
    this.#failure = cause;
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter.tell();
  }

  /**
   * The next one, if there is one.
   * @throws the connection's cause, once everything that came before it has been read, and from then on
   */
  poll(): Notification | undefined {
    const notification = this.#unread.shift();
    if (notification || !this.#failure) return notification;
    throw copyError(this.#failure, { action: readingFeed });
  }

  listen(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  unlisten(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  /**
   * Waits for the next one. If `signal` ends the wait, no notification is lost.
   * @throws AbortError if `signal` fires; what `poll()` throws
   */
  async next(signal?: AbortSignal): Promise<Notification> {
    return await awaitValue(this, { action: readingFeed, signal });
  }
}
