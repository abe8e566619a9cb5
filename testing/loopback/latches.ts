/** Named latches that stay open once released. They fix the moment at which a held answer continues. */
export class Latches {
  readonly #released = new Set<string>();
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #listeners = new Set<(name: string) => void>();

  /** The names released so far. */
  get released(): ReadonlySet<string> {
    return this.#released;
  }

  /**
   * Releases a latch for everyone who waits, now or later. Listeners are called first, so that what they record comes
   * before anything that the release causes. Releasing twice does nothing.
   */
  release(name: string): void {
    if (this.#released.has(name)) return;
    this.#released.add(name);
    for (const listener of this.#listeners) listener(name);
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    for (const go of waiting ?? []) go();
  }

  /**
   * Resolves once `name` is released, at once if it already is.
   * @throws the signal's reason if `signal` aborts first
   */
  wait(name: string, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#released.has(name)) return Promise.resolve();
    return new Promise<void>((resolve, reject) => {
      const waiting = this.#waiting.get(name) ?? new Set();
      this.#waiting.set(name, waiting);
      const abort = () => {
        waiting.delete(go);
        reject(signal?.reason);
      };
      const go = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      waiting.add(go);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Calls `listener` on each first release, before waiting callers continue. Returns a function that removes it. */
  onRelease(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
