/** Named gates that stay open once released: they pin the moment at which a held answer goes on. */
export class Latches {
  readonly #released = new Set<string>();
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #listeners = new Set<(name: string) => void>();

  /** The names released so far. */
  get released(): ReadonlySet<string> {
    return this.#released;
  }

  /**
   * Opens the gate for all who wait and for all who come later. Listeners hear of it first, so that what they record
   * stands before anything that the release causes. Releasing twice does nothing.
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
   * Resolves once `name` is released (at once where it already is).
   * @throws the signal's reason when `signal` aborts first.
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

  /** Calls `listener` on each first release, before those who wait go on. Returns the function that ends it. */
  onRelease(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
