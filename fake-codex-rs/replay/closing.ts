/** How the engine was asked to exit: by the end of its input, or by a signal. */
export type Reason = { signal: NodeJS.Signals | null };

/**
 * How long the replay may continue after the engine was asked to exit. What is already due is still sent, as the engine
 * flushes its output, but a latch that nobody releases any more or a client that no longer reads cannot block the fake.
 * The official client kills after 2 s.
 */
export const graceMs = 500;

/** When the engine should exit, and when it must. */
export class Closing {
  /** Set once it has been asked to exit. */
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

  /** A signal outranks an earlier end of input: it kills the engine. */
  begin(signal: NodeJS.Signals | null): void {
    this.reason = { signal: signal ?? this.reason?.signal ?? null };
    this.#begin();
  }
}
