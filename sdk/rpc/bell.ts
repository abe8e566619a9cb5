/** Keeps the host alive until the result is called; calling that twice is harmless. */
export type Hold = () => () => void;

/** Wakes whoever waits for news. A wake-up is only a hint: who is woken looks again whether there is anything for him. */
export class Bell {
  #waiting: (() => void)[] = [];

  /** How many wait now. */
  get waiting(): number {
    return this.#waiting.length;
  }

  ring(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Resolves at the next ring, or when `signal` fires; never rejects. */
  async wait(hold: Hold, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    const release = hold();
    let wake = () => {};
    await new Promise<void>((resolve) => {
      wake = resolve;
      this.#waiting.push(resolve);
      signal?.addEventListener('abort', wake);
    });
    signal?.removeEventListener('abort', wake);
    const place = this.#waiting.indexOf(wake);
    if (place >= 0) this.#waiting.splice(place, 1);
    release();
  }
}
