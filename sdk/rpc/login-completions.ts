import { copyError } from '../errors/connection-errors.ts';
import type { JsonObject } from '../protocol/index.ts';
import { awaitValue } from './await-value.ts';
import type { KeepAlive, Waiter } from './condition.ts';
import { keepNewest } from './keep-newest.ts';

/** How many completions are kept, whether or not anyone waits for them. */
const keptCompletions = 100;

/**
 * The outcomes of interactive login attempts, by login id. An outcome may arrive before anyone waits for it, and may be
 * requested twice.
 */
export class LoginCompletions {
  readonly #keepAlive: KeepAlive;
  /** Whoever waits, by login id. */
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #completions = new Map<string, JsonObject>();
  #failure: Error | undefined;

  constructor(keepAlive: KeepAlive) {
    this.#keepAlive = keepAlive;
  }

  route(loginId: string, completion: JsonObject): void {
    keepNewest(this.#completions.set(loginId, completion), keptCompletions);
    this.#tell(loginId);
  }

  fail(cause: Error): void {
    this.#failure = cause;
    for (const loginId of [...this.#waiters.keys()]) this.#tell(loginId);
  }

  /**
   * The payload of `account/login/completed` for this attempt.
   * @throws AbortError if `signal` fires
   * @throws the connection's cause if it is gone, before or during the wait
   */
  async wait(loginId: string, signal?: AbortSignal): Promise<JsonObject> {
    const action = `waiting for the login ${loginId}`;
    const poll = (): JsonObject | undefined => {
      const completion = this.#completions.get(loginId);
      if (completion || !this.#failure) return completion;
      throw copyError(this.#failure, { action });
    };
    const listen = (waiter: Waiter) => {
      this.#waiters.set(loginId, (this.#waiters.get(loginId) ?? new Set()).add(waiter));
    };
    const unlisten = (waiter: Waiter) => {
      const waiters = this.#waiters.get(loginId);
      if (waiters?.delete(waiter) && waiters.size === 0) this.#waiters.delete(loginId);
    };
    return await awaitValue({ poll, listen, unlisten, keepAlive: this.#keepAlive }, { action, signal });
  }

  #tell(loginId: string): void {
    const waiters = this.#waiters.get(loginId);
    this.#waiters.delete(loginId);
    for (const waiter of waiters ?? []) waiter.tell();
  }
}
