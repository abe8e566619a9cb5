import type { CodexErrorDetails, CodexErrorKind } from './codex-error.ts';
import { exitMeaning } from './exit-meaning.ts';
import { TransportClosedError } from './transport-closed-error.ts';

/** How a process ended. */
export interface EngineExit {
  /** Null where a signal ended it. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** The last lines that it wrote to stderr, 400 at most. */
  stderrTail: string;
}

/**
 * The engine's process has ended, and not because of `close()`. (Python has a plain `TransportClosedError` with the same text.)
 * `retryable` follows from how it ended.
 */
export class EngineExitError extends TransportClosedError {
  override readonly name: string = 'EngineExitError';
  override readonly kind: CodexErrorKind = 'engine-exited';
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly #stderrTail: string;
  /** What the exit code or the signal says. */
  readonly reason: string;

  constructor(message: string, exit: EngineExit, details: CodexErrorDetails = {}) {
    const { reason, retryable } = exitMeaning(exit.exitCode, exit.signal);
    super(message, { ...details, retryable });
    this.exitCode = exit.exitCode;
    this.signal = exit.signal;
    this.#stderrTail = exit.stderrTail;
    this.reason = reason;
  }

  /** The last lines that the engine wrote to stderr, 400 at most; the message quotes the end of them. Not shown where the error is printed. */
  get stderrTail(): string {
    return this.#stderrTail;
  }
}
