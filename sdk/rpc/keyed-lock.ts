import { AbortError } from '../errors/abort-error.ts';

/** One holder per key at a time, in the order of asking; different keys do not wait for each other. Idle keys leave nothing. */
export class KeyedLock {
  #waiting = new Map<string, (() => void)[]>();

  /** How many keys are held. */
  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Waits for the key. The result gives it back; calling it twice is harmless.
   * @throws AbortError when `signal` fires first; the key is then never taken
   */
  async acquire(key: string, signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted) throw new AbortError(`waiting for ${key}`, signal.reason);
    const queue = this.#waiting.get(key);
    if (queue === undefined) this.#waiting.set(key, []);
    else await this.#queued(key, queue, signal);
    let held = true;
    return () => {
      if (held) this.#release(key);
      held = false;
    };
  }

  #queued(key: string, queue: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        const place = queue.indexOf(onTurn);
        if (place >= 0) queue.splice(place, 1);
        reject(new AbortError(`waiting for ${key}`, signal?.reason));
      };
      const onTurn = () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      queue.push(onTurn);
      signal?.addEventListener('abort', onAbort);
    });
  }

  #release(key: string): void {
    const next = this.#waiting.get(key)?.shift();
    if (next) next();
    else this.#waiting.delete(key);
  }
}
