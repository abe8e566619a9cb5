/** The fake cannot do what it was started for. `message` is one sentence (or the engine's own text) for stderr. */
export class FakeError extends Error {
  override readonly name = 'FakeError';
  readonly exitCode: number;

  constructor(message: string, options: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? 2;
  }
}
