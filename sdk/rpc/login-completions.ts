import { AbortError } from '../errors/codex-error.ts';
import { copyError } from '../errors/connection-errors.ts';
import type { JsonObject } from '../protocol/index.ts';
import { Condition, type KeepAlive } from './condition.ts';
import { keepNewest } from './keep-newest.ts';

/** How many completions are kept, whether or not anyone waits for them. */
const keptCompletions = 100;

/**
 * The outcomes of interactive login attempts, by login id. An outcome may arrive before anyone waits for it, and may be
 * requested twice.
 */
export class LoginCompletions {
  readonly #keepAlive: KeepAlive;
  readonly #condition = new Condition();
  readonly #completions = new Map<string, JsonObject>();
  #failure: Error | undefined;

  constructor(keepAlive: KeepAlive) {
    this.#keepAlive = keepAlive;
  }

  route(loginId: string, completion: JsonObject): void {
    this.#completions.set(loginId, completion);
    keepNewest(this.#completions, keptCompletions);
    this.#condition.notifyAll();
  }

  fail(cause: Error): void {
    this.#failure = cause;
    this.#condition.notifyAll();
  }

  /**
   * The payload of `account/login/completed` for this attempt.
   * @throws AbortError if `signal` fires
   * @throws the connection's cause if it is gone, before or during the wait
   */
  async wait(loginId: string, signal?: AbortSignal): Promise<JsonObject> {
    const action = `waiting for the login ${loginId}`;
    for (;;) {
      if (signal?.aborted) throw new AbortError(action, signal.reason);
      const completion = this.#completions.get(loginId);
      if (completion) return completion;
      if (this.#failure) throw copyError(this.#failure, { action });
      await this.#condition.wait(this.#keepAlive, signal);
    }
  }
}
