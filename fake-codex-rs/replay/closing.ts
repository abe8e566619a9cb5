/** How the engine was told to end: by the end of its input, or by a signal. */
export type Reason = { signal: NodeJS.Signals | null };

/**
 * How long the replay may go on once the engine was told to end: what is already due is still said, as the engine flushes its output,
 * but a latch that nobody releases any more or a client that reads no more cannot hold the fake. The official client kills after 2 s.
 */
export const graceMs = 500;

/** The moment from which the engine is to end, and the one from which it must. */
export class Closing {
  /** Set from the moment that it is asked to end. */
  reason: Reason | undefined;
  readonly begun: Promise<void>;
  /** `graceMs` after `begun`. */
  readonly over: Promise<'over'>;
  #begin: () => void = () => {};

  constructor() {
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.over = this.begun.then(() => new Promise((resolve) => setTimeout(resolve, graceMs, 'over')));
  }

  /** A signal outranks the end of input that came before it: the engine dies of it. */
  begin(signal: NodeJS.Signals | null): void {
    this.reason = { signal: signal ?? this.reason?.signal ?? null };
    this.#begin();
  }
}
