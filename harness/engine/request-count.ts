/** How many model requests have been received, for those who wait for the Nth. */
export class RequestCount {
  #count = 0;
  readonly #waiting = new Set<{ atLeast: number; go: () => void }>();

  get count(): number {
    return this.#count;
  }

  /** Reports that the nth request was received; earlier ones count too. */
  reached(n: number): void {
    this.#count = Math.max(this.#count, n);
    for (const one of this.#waiting) {
      if (one.atLeast > this.#count) continue;
      this.#waiting.delete(one);
      one.go();
    }
  }

  /** Resolves once `atLeast` requests were received. @throws the signal's reason if it aborts first */
  async wait(atLeast: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#count >= atLeast) return;
    await new Promise<void>((resolve, reject) => {
      const one = { atLeast, go: resolve };
      this.#waiting.add(one);
      signal.addEventListener(
        'abort',
        () => {
          this.#waiting.delete(one);
          reject(signal.reason);
        },
        { once: true },
      );
    });
  }
}
