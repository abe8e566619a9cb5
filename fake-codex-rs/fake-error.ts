/** The fake cannot do what it was started for. `message` is one sentence (or the engine's own text) for stderr. */
export class FakeError extends Error {
  override readonly name = 'FakeError';
  readonly exitCode: number;
  /** It is what the engine would have done, in its words: an end like any other, and no fault of the fake. */
  readonly asEngine: boolean;

  constructor(message: string, options: ErrorOptions & { exitCode?: number; asEngine?: boolean } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? 2;
    this.asEngine = options.asEngine ?? false;
  }
}
