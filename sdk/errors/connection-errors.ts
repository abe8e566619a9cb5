import { constants } from 'node:os';
import { expectedGot } from '../../native/expected-got.mjs';
import { oneClassInAllCopies } from '../../native/one-class.mjs';
import { CodexError, type CodexErrorDetails, type CodexErrorKind, longestAction, shortened } from './codex-error.ts';

/** The system's codes for a temporary shortage. `ETXTBSY`: the program is being written, for example by an update. */
const passing: ReadonlySet<unknown> = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE', 'ETXTBSY']);

/** The engine could not be found or started (Python raises `FileNotFoundError`). Nothing was sent. */
export class LaunchError extends CodexError {
  override readonly name: string = 'LaunchError';
  override readonly kind: CodexErrorKind = 'launch';

  constructor(message: string, details: Pick<CodexErrorDetails, 'cause' | 'action' | 'retryable'> = {}) {
    const { cause } = details;
    const retryable = cause instanceof Error && 'code' in cause && passing.has(cause.code);
    super(message, { action: 'starting the Codex process', retryable, ...details });
  }
}

/** The connection to the engine is gone, or a stream on it has ended (Python: `TransportClosedError`). */
export class TransportClosedError extends CodexError {
  override readonly name: string = 'TransportClosedError';
  override readonly kind: CodexErrorKind = 'transport-closed';
}

/** Whether a request that has no answer may have done something. */
export type RequestEffect = 'none' | 'unknown';

/** Requests that only read, in the words of the protocol. */
const readsOnly = /(?:^|[/])(?:list|read|get[A-Z]\w*|read[A-Z]\w*)$/;

/**
 * The connection to an engine that runs elsewhere is lost; the engine itself may still run, and so may its turns. Only a
 * client that is attached (`unixSocket()`, `webSocket()`) gets it.
 */
export class ConnectionLostError extends TransportClosedError {
  override readonly name: string = 'ConnectionLostError';
  override readonly kind: CodexErrorKind = 'connection-lost';
  /**
   * Whether the failed call may have had an effect. `none`: the request was not sent, or it only reads; repeat it. `unknown`: it was sent and not
   * answered; look at the thread before you repeat it. The SDK itself never sends such a request again.
   */
  readonly effect: RequestEffect;
  /** The address, without path and query. */
  readonly address: string;
  /** How it was lost. */
  readonly how: string;

  constructor(
    address: string,
    how: string,
    details: Pick<CodexErrorDetails, 'cause' | 'action'> & { effect?: RequestEffect } = {},
  ) {
    const { effect = 'none', ...rest } = details;
    const after = effect === 'none' ? '' : `. ${rest.action} was sent and not answered: it may have taken effect`;
    super(`the connection to ${address} is lost: ${how}${after}`, { ...rest, retryable: true });
    this.effect = effect;
    this.address = address;
    this.how = how;
  }
}

/** The error for a request that was sent when the connection ended. */
export function errorOfSent(cause: Error, method: string): Error {
  if (!(cause instanceof ConnectionLostError) || readsOnly.test(method)) return copyError(cause, { action: method });
  const { address, how } = cause;
  return new ConnectionLostError(address, how, { cause: cause.cause, action: method, effect: 'unknown' });
}

/**
 * More than `CodexConfig.unsentLimit` is waiting because the engine does not read what it is sent. Of a request or a
 * notification, nothing was sent and the connection stays: repeat the call once the engine reads again, or end the engine
 * with `close()`. An answer to the engine itself cannot wait forever: at twice the limit, the connection ends with this
 * error as its cause.
 */
export class EngineNotReadingError extends CodexError {
  override readonly name: string = 'EngineNotReadingError';
  override readonly kind: CodexErrorKind = 'not-reading';
  /** How much is waiting, in bytes. */
  readonly unsentBytes: number;
  /** `CodexConfig.unsentLimit`, in bytes. */
  readonly limitBytes: number;

  constructor(action: string, unsentBytes: number, limitBytes: number) {
    const got = `${unsentBytes} bytes that it has not read, more than CodexConfig.unsentLimit (${limitBytes})`;
    const advice = 'Repeat the call once the engine reads again, or end it with close()';
    super(expectedGot(`sending ${action} to the engine`, 'an engine that reads what it is sent', got, advice), {
      action,
      retryable: true,
    });
    this.unsentBytes = unsentBytes;
    this.limitBytes = limitBytes;
  }
}

/** What an exit code or signal means. */
export interface ExitMeaning {
  reason: string;
  /** Whether a new process may succeed without any change. */
  retryable: boolean;
}

const asked = (reason: string): ExitMeaning => ({ reason, retryable: false });
const wrong = (reason: string): ExitMeaning => ({ reason, retryable: false });
const crashed = (reason: string): ExitMeaning => ({ reason, retryable: true });

/**
 * Measured with engine 0.171.0. The codes of a launcher are what a shell, or a program in place of the engine, exits
 * with.
 */
const byCode: Readonly<Record<number, ExitMeaning>> = {
  0: asked('it was asked to end: its stdin was closed, or it got SIGTERM'),
  1: wrong('it refused to run: it does not accept a setting, or CODEX_HOME is not a folder'),
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

/** Only these: a system has several names for some signals (6 is SIGABRT and SIGIOT). */
const signals = new Map(
  Object.keys(bySignal).map((name) => [constants.signals[name as NodeJS.Signals], name as NodeJS.Signals]),
);

/**
 * What a process's exit means. A shell turns a signal into a code above 128.
 * @param exitCode null if a signal ended the process
 */
export function exitMeaning(exitCode: number | null, signal: NodeJS.Signals | null): ExitMeaning {
  const reason = `it ended with ${endOf(exitCode, signal)}, which has no known meaning`;
  return knownMeaning(exitCode, signal) ?? { reason, retryable: false };
}

function knownMeaning(exitCode: number | null, signal: NodeJS.Signals | null): ExitMeaning | undefined {
  const name = signal ?? signals.get((exitCode ?? 0) - 128);
  return byCode[exitCode ?? -1] ?? (name && bySignal[name]);
}

const endOf = (exitCode: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `exit code ${exitCode}` : `signal ${signal}`;

/** How a process exited. */
export interface EngineExit {
  /** Null if a signal ended it. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** The last lines it wrote to stderr, at most 400. */
  stderrTail: string;
}

/** Lines of a panic that say nothing of its cause. */
const noise = /^\s*(?:$|note: run with|note: some details are omitted|[Ss]tack backtrace:|\d+: |at \/|at \.)/;

/** Longest line of stderr that a message quotes, in characters. */
const longestLine = 500;

/**
 * What a process said last that tells why it ended: its panic, otherwise its last error with what goes on below it,
 * otherwise its last line that is not noise.
 */
function lastWords(stderrTail: string): string {
  const lines = stderrTail.split('\n');
  const panic = lines.findLastIndex((line) => / panicked at /.test(line));
  // A panic says where on one line, and why on the next.
  if (panic >= 0)
    return shortened(
      lines
        .slice(panic, panic + 2)
        .join(' ')
        .trim(),
      longestLine,
    );
  const error = lines.findLastIndex((line) => /^error:/i.test(line));
  const rest = lines.slice(error + 1);
  const end = rest.findIndex((line) => noise.test(line));
  const words =
    error >= 0
      ? [lines[error], ...rest.slice(0, end < 0 ? rest.length : end)].join(' ')
      : (lines.findLast((line) => !noise.test(line)) ?? '');
  return shortened(words.trim(), longestLine);
}

/** How a process ended, in words: first the signal or exit code, then what it means, then what it said last. */
export function exitText({ exitCode, signal, stderrTail }: EngineExit): string {
  const meaning = knownMeaning(exitCode, signal)?.reason;
  const words = lastWords(stderrTail);
  const end = `Codex process ended with ${endOf(exitCode, signal)}${meaning === undefined ? '' : `: ${meaning}`}.`;
  return words === '' ? end : `${end} Its last words: ${words}`;
}

/**
 * The engine process ended, and not because of `close()`. (Python raises a plain `TransportClosedError`.)
 * `message` begins with the signal or exit code. `retryable` depends on how it ended.
 */
export class EngineExitError extends TransportClosedError {
  override readonly name: string = 'EngineExitError';
  override readonly kind: CodexErrorKind = 'engine-exited';
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /**
   * The last lines that the engine wrote to stderr, at most 400, without colours. The message quotes the last that says
   * something. Not enumerable, so it is not printed with the error.
   */
  declare readonly stderrTail: string;
  /** What the exit code or signal means. */
  readonly reason: string;

  constructor(message: string, exit: EngineExit, details: CodexErrorDetails = {}) {
    const { reason, retryable } = exitMeaning(exit.exitCode, exit.signal);
    super(message, { ...details, retryable });
    this.exitCode = exit.exitCode;
    this.signal = exit.signal;
    Object.defineProperty(this, 'stderrTail', { value: exit.stderrTail });
    this.reason = reason;
  }
}

/**
 * A copy of an error for one of the callers that it concerns: it says what that caller was doing, and its stack is its
 * own. An error that is not ours goes to everyone as it is.
 */
export function copyError<E>(error: E, changes: { action?: string | undefined; cause?: unknown } = {}): E {
  if (!(error instanceof CodexError)) return error;
  const copy = new Error(error.message);
  const own: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(error);
  delete own['stack'];
  const { action } = changes;
  if ('action' in changes) own['action'] = { ...own['action'], value: action && shortened(action, longestAction) };
  if ('cause' in changes) own['cause'] = { value: changes.cause, writable: true, configurable: true };
  return Object.defineProperties(Object.setPrototypeOf(copy, Object.getPrototypeOf(error) as object), own) as E;
}

oneClassInAllCopies({
  LaunchError,
  TransportClosedError,
  ConnectionLostError,
  EngineExitError,
  EngineNotReadingError,
});
