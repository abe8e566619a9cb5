import { stripVTControlCharacters } from 'node:util';
import { oneClassInAllCopies } from '../../native/one-class.mjs';
import { AbortError, CodexError, type CodexErrorKind, shortened } from '../errors/codex-error.ts';
import { EngineExitError, exitMeaning, LaunchError } from '../errors/connection-errors.ts';
import { isRetryLimitText } from '../errors/rpc-errors.ts';
import { type FailedOutput, OutputError } from '../output/output-error.ts';
import type { ThreadItem } from './items.ts';
import type { Turn } from './turn.ts';

const action = 'codex exec';

/**
 * The engine reported that the turn failed (Python: `ThreadRunError`). `message` is the engine's text, the only thing
 * it says about the cause.
 */
export class ThreadRunError extends CodexError {
  override readonly name: string = 'ThreadRunError';
  override readonly kind: CodexErrorKind = 'turn-failed';
  /** What the turn had produced until then. */
  readonly turn: Turn;

  constructor(message: string, turn: Turn) {
    super(message, { action, retryable: isRetryLimitText(message) });
    this.turn = turn;
  }
}

/**
 * A run with the option `output` completed, but its answer is no value of the schema. `text` is the final message,
 * `issues` say what is wrong with it, and `turn` and `items` are what happened, with the runs that should have repaired
 * it. A run that failed is a `ThreadRunError` instead.
 */
export class StructuredOutputError extends OutputError {
  /** What the run came to, without an output. */
  readonly turn: Turn;
  /** The items of `turn`. */
  readonly items: readonly ThreadItem[];

  constructor(failed: FailedOutput, turn: Turn) {
    super(failed, action);
    this.turn = turn;
    this.items = turn.items;
  }
}

/** A line of the engine's output is not an event (Python: `EventParseError`). The engine has been stopped. */
export class EventParseError extends CodexError {
  override readonly name: string = 'EventParseError';
  override readonly kind: CodexErrorKind = 'protocol';

  constructor(message: string, details: { cause?: unknown } = {}) {
    super(message, { ...details, action });
  }
}

/** How much of a line an error repeats, in characters. */
const longestQuote = 500;

/** A line that is not JSON. @param line all of it, or its beginning */
export function malformedItem(line: string, details: { cause?: unknown } = {}): EventParseError {
  return new EventParseError(`Failed to parse item: ${shortened(line, longestQuote)}`, details);
}

/** A line that is JSON, but no event. */
export function invalidItem(what: string, line: string): EventParseError {
  return new EventParseError(`Invalid ${what}: ${shortened(line, longestQuote)}`);
}

/** How the engine exited: an exit code, or the signal that killed it. */
export interface EngineEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * The engine exited with a code other than 0 (Python: `CodexExecError`), even if it completed the turn before.
 * `stderrTail` is the last megabyte it wrote to stderr; `message` quotes it without colours, as
 * both official clients quote it. `stack`
 * has only its beginning.
 */
export class CodexExecError extends EngineExitError {
  override readonly name: string = 'CodexExecError';
  override readonly reason: string;

  constructor({ code, signal }: EngineEnd, stderr: string, cause?: unknown) {
    const exit = { exitCode: code, signal, stderrTail: stderr };
    const said = stripVTControlCharacters(stderr);
    const message = `Codex Exec exited with ${signal ? `signal ${signal}` : `code ${code}`}: ${said}`;
    super(message, exit, cause === undefined ? { action } : { action, cause });
    // Not cut: what is kept of stderr bounds it, and its end matters most.
    this.message = message;
    // An app-server never exits like this because of a turn.
    this.reason =
      code === 1 ? 'the turn failed, or it refused to begin one: stderr says why' : exitMeaning(code, signal).reason;
  }
}

/** What the platform throws when a signal ends a child process, in our hierarchy: same name, text, code and cause. */
export class ExecAbortError extends AbortError {
  override readonly action = action;
  readonly code = 'ABORT_ERR';

  constructor(reason: unknown) {
    super('The operation', reason);
  }
}

/** What the platform throws when a program cannot be started, in our hierarchy: same text and code. */
export class ExecLaunchError extends LaunchError {
  /** For example `ENOENT`. */
  readonly code: string | undefined;

  constructor(cause: NodeJS.ErrnoException) {
    super(cause.message, { cause });
    this.code = cause.code;
  }
}

/** The engine could not be installed (Python: `CodexInstallError`). What was installed before is unchanged. */
export class CodexInstallError extends CodexError {
  override readonly name: string = 'CodexInstallError';
  override readonly kind: CodexErrorKind = 'install';

  constructor(message: string, details: { cause?: unknown } = {}) {
    super(message, { ...details, action: 'installing the engine' });
  }
}

/** A login could not be prepared or started (Python: `CodexAuthError`). */
export class CodexAuthError extends CodexError {
  override readonly name: string = 'CodexAuthError';
  override readonly kind: CodexErrorKind = 'auth';

  constructor(message: string, details: { cause?: unknown } = {}) {
    super(message, { ...details, action: 'login' });
  }
}

oneClassInAllCopies({ 'exec.StructuredOutputError': StructuredOutputError });
oneClassInAllCopies({ ThreadRunError, EventParseError, CodexExecError, CodexInstallError, CodexAuthError });
