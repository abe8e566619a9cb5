import { AbortError } from '../errors/abort-error.ts';
import { forCaller } from '../errors/for-caller.ts';
import { Bell, type Hold } from './bell.ts';
import { BoundedQueue } from './bounded-queue.ts';
import type { Notification } from './notification.ts';

/** How many unread notifications are kept. Python keeps all of them, so a program that never reads them only grows. */
const feedCapacity = 10_000;

const action = 'waiting for the next notification';

/** Notifications that belong to no turn and no login, in the order of arrival. Each goes to one reader. */
export class NotificationFeed {
  readonly #hold: Hold;
  readonly #bell = new Bell();
  readonly #unread: BoundedQueue<Notification>;
  #failure: Error | undefined;

  /** @param unreadLimit the most characters of their lines that are kept */
  constructor(hold: Hold, unreadLimit: number) {
    this.#hold = hold;
    this.#unread = new BoundedQueue(feedCapacity, unreadLimit);
  }

  /** How many notifications were dropped unread, oldest first, because nobody read them. */
  get dropped(): number {
    return this.#unread.dropped;
  }

  push(notification: Notification, size = 0): void {
    this.#unread.push(notification, size);
    this.#bell.ring();
  }

  fail(cause: Error): void {
    this.#failure = cause;
    this.#bell.ring();
  }

  /**
   * The next one. A wait that `signal` ends takes nothing with it.
   * @throws AbortError when `signal` fires
   * @throws the connection's cause, once all that came before it has been read, and from then on
   */
  async next(signal?: AbortSignal): Promise<Notification> {
    for (;;) {
      if (signal?.aborted) throw new AbortError(action, signal.reason);
      const notification = this.#unread.shift();
      if (notification) return notification;
      if (this.#failure) throw forCaller(this.#failure, action);
      await this.#bell.wait(this.#hold, signal);
    }
  }
}
