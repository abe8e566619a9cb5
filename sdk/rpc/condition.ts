import { onAbort } from '../host/on-abort.ts';

/** Keeps the program running from `hold()` to its `release()`: as long as anybody holds it. */
export interface KeepAlive {
  hold(): void;
  /** Once for each `hold()`. */
  release(): void;
}

/** Who waits for news. An object and no function, as thousands may wait at once. */
export interface Waiter {
  tell(): void;
}

/** Those who are told the next news, once. */
export class Waiters {
  readonly #waiters = new Set<Waiter>();

  add(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  delete(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  tellAll(): void {
    if (this.#waiters.size === 0) return;
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter.tell();
  }
}

/** Wakes everyone who waits for news. A wake-up is only a hint: whoever wakes has to check again. */
export class Condition {
  #waiting: (() => void)[] = [];

  /** How many are waiting. */
  get waiting(): number {
    return this.#waiting.length;
  }

  notifyAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Resolves at the next `notifyAll()`, or when `signal` fires; never rejects. */
  async wait(keepAlive: KeepAlive, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    keepAlive.hold();
    let wake = () => {};
    let stopListening = () => {};
    await new Promise<void>((resolve) => {
      wake = resolve;
      this.#waiting.push(resolve);
      stopListening = onAbort(signal, wake);
    });
    stopListening();
    const place = this.#waiting.indexOf(wake);
    if (place >= 0) this.#waiting.splice(place, 1);
    keepAlive.release();
  }
}
