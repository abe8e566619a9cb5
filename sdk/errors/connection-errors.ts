import { constants } from 'node:os';
import { CodexError, type CodexErrorDetails, type CodexErrorKind } from './codex-error.ts';

/** What the machine says when it lacks the means for the moment. `ETXTBSY`: the program is being written, as by an update. */
const passing: ReadonlySet<unknown> = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE', 'ETXTBSY']);

/** The engine could not be found or started (Python raises `FileNotFoundError`). Nothing was sent. */
export class LaunchError extends CodexError {
  override readonly name: string = 'LaunchError';
  override readonly kind: CodexErrorKind = 'launch';

  constructor(message: string, details: Pick<CodexErrorDetails, 'cause'> = {}) {
    const { cause } = details;
    const retryable = cause instanceof Error && 'code' in cause && passing.has(cause.code);
    super(message, { ...details, action: 'starting the Codex process', retryable });
  }
}

/** The connection to the engine is gone, or a stream on it has ended (Python: `TransportClosedError`). */
export class TransportClosedError extends CodexError {
  override readonly name: string = 'TransportClosedError';
  override readonly kind: CodexErrorKind = 'transport-closed';
}

/** What the way in which a process ended says. */
export interface ExitMeaning {
  reason: string;
  /** Whether a new process may fare better without anything being changed. */
  retryable: boolean;
}

const asked = (reason: string): ExitMeaning => ({ reason, retryable: false });
const wrong = (reason: string): ExitMeaning => ({ reason, retryable: false });
const crashed = (reason: string): ExitMeaning => ({ reason, retryable: true });

/** Measured with the engine 0.163.0, but for those of a launcher: what a shell, or a program in place of the engine, ends with. */
const byCode: Readonly<Record<number, ExitMeaning>> = {
  0: asked('it was asked to end: its stdin was closed, or it got SIGTERM'),
  1: wrong('it refused to run: a setting that it does not accept, or a CODEX_HOME that is no folder'),
  2: wrong('its command line is wrong'),
  101: crashed('it panicked'),
  126: wrong('the launcher could not execute it'),
  127: wrong('the launcher did not find it'),
};

const bySignal: Readonly<Partial<Record<NodeJS.Signals, ExitMeaning>>> = {
  SIGTERM: asked('it was asked to end'),
  SIGINT: asked('it was interrupted, as by Ctrl-C'),
  SIGQUIT: asked('it was asked to end'),
  SIGHUP: asked('its terminal or session was closed'),
  SIGKILL: crashed('it was killed; without memory the system does that'),
  SIGSEGV: crashed('it crashed'),
  SIGBUS: crashed('it crashed'),
  SIGABRT: crashed('it crashed'),
  SIGFPE: crashed('it crashed'),
  SIGILL: wrong('it crashed: this processor lacks an instruction'),
  SIGSYS: wrong('it crashed: it may not make a system call'),
};

/** Of these alone: a system has several names for some (6 is SIGABRT and SIGIOT). */
const signals = new Map(
  Object.keys(bySignal).map((name) => [constants.signals[name as NodeJS.Signals], name as NodeJS.Signals]),
);

/**
 * Reads the end of an engine's process. A code above 128 is what a shell makes of a signal.
 * @param exitCode null where a signal ended the process
 */
export function exitMeaning(exitCode: number | null, signal: NodeJS.Signals | null): ExitMeaning {
  const known = byCode[exitCode ?? -1];
  if (known) return known;
  const name = signal ?? signals.get((exitCode ?? 0) - 128);
  const end = signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
  return (name && bySignal[name]) ?? { reason: `it ended with ${end}, which has no known meaning`, retryable: false };
}

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

/**
 * The end of a connection as one of its callers gets it: an error of his own that says what he was doing, with a stack that is his. An
 * error that is not of this SDK, as a transport of the program's own may give, goes to everyone as it is.
 */
export function copyError(cause: Error, action: string): Error {
  if (!(cause instanceof CodexError)) return cause;
  const { message, kind, retryable } = cause;
  const details = { kind, retryable, action, ...('cause' in cause ? { cause: cause.cause } : {}) };
  if (cause instanceof EngineExitError) return new EngineExitError(message, cause, details);
  if (cause instanceof TransportClosedError) return new TransportClosedError(message, details);
  return cause.name === 'CodexError' ? new CodexError(message, details) : cause;
}
