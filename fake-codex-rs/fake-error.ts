/** The fake cannot do what it was started for. `message` is one sentence (or the engine's own text) for stderr. */
export class FakeError extends Error {
  override readonly name = 'FakeError';
  readonly exitCode: number;
  /** The engine would have done the same, in these words: an ordinary exit, not a fault of the fake. */
  readonly asEngine: boolean;

  constructor(message: string, options: ErrorOptions & { exitCode?: number; asEngine?: boolean } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? 2;
    this.asEngine = options.asEngine ?? false;
  }
}

/**
 * The one form of the fake's own error texts, written here again because nothing of the SDK may run inside it.
 * `expectedGot('reading the golden a.jsonl', 'a header', '7', 'Record it again')` gives
 * "Reading the golden a.jsonl: expected a header, got 7. Record it again."
 */
export function expectedGot(doing: string, expected: string, got: string, advice?: string): string {
  const action = doing.slice(0, 1).toUpperCase() + doing.slice(1);
  return `${action}: expected ${expected}, got ${got}.${advice === undefined ? '' : ` ${advice}.`}`;
}

/** An error of the fake's own in that form: `fake-codex-rs: Reading …: expected …, got ….` */
export function unexpected(
  doing: string,
  expected: string,
  got: string,
  { advice, cause }: { advice?: string; cause?: unknown } = {},
): FakeError {
  return new FakeError(`fake-codex-rs: ${expectedGot(doing, expected, got, advice)}`, { cause });
}
