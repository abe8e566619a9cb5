import { oneClassInAllCopies } from '../../native/one-class.mjs';
import { beginningOf } from './cut-text.ts';

/** A stable word for what went wrong, the same in every release. Use it, or `instanceof`, to tell errors apart. */
export type CodexErrorKind =
  | 'codex'
  | 'launch'
  | 'connect'
  | 'unauthorized'
  | 'not-connected'
  | 'protocol'
  | 'unsupported'
  | 'transport-closed'
  | 'connection-lost'
  | 'engine-exited'
  | 'lagging'
  | 'not-reading'
  | 'staging'
  | 'turn-failed'
  | 'auth'
  | 'output'
  | 'approval-denied'
  | 'auto-run'
  | 'install'
  | 'timeout'
  | 'aborted'
  | 'json-rpc'
  | 'rpc'
  | 'parse'
  | 'invalid-request'
  | 'writer-conflict'
  | 'method-not-found'
  | 'invalid-params'
  | 'internal'
  | 'server-busy'
  | 'retry-limit-exceeded';

/** Longest text of an error, in characters: many repeat text that the engine wrote, which can have any length. */
export const longestMessage = 16_384;
/** Longest `action`, in characters. */
export const longestAction = 200;

/** A text for an error message. A long one is cut, and its length is added. */
export function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${beginningOf(text, longest)}… (${text.length} characters)`;
}

/** What an error carries besides its text. */
export interface CodexErrorDetails extends ErrorOptions {
  /** Default: `codex`; subclasses of `CodexError` have their own. */
  kind?: CodexErrorKind | undefined;
  /** See `CodexError.action`. */
  action?: string | undefined;
  /** See `CodexError.retryable`. Default: false. */
  retryable?: boolean | undefined;
}

/**
 * Base class of every error that this SDK throws (Python: `CodexError`), except `TypeError` and `RangeError`. Those
 * mean that an argument is wrong and nothing was sent (Python: `TypeError`, `ValueError`).
 *
 * `kind` is the stable string. It is not called `code` because `JsonRpcError.code` is the engine's number, as in
 * Python.
 */
export class CodexError extends Error {
  override readonly name: string = 'CodexError';
  readonly kind: CodexErrorKind;
  /**
   * What the SDK was doing: the method of the request (`turn/start`) or a phrase. Undefined if nothing was being done.
   */
  readonly action: string | undefined;
  /**
   * Whether the same call may succeed if you repeat it unchanged, on a new connection if this one is gone (call
   * `close()`, then call again). It does not tell you whether the failed call had an effect; see `isRetryableError()`
   * for that.
   */
  readonly retryable: boolean;

  constructor(message?: string, details: CodexErrorDetails = {}) {
    super(message && shortened(message, longestMessage), 'cause' in details ? { cause: details.cause } : undefined);
    this.kind = details.kind ?? 'codex';
    this.action = details.action && shortened(details.action, longestAction);
    this.retryable = details.retryable ?? false;
  }
}

/**
 * Your AbortSignal fired (Python: `asyncio.CancelledError`). `cause` is the signal's reason. The name is that of the
 * platform's own error, so that code which checks for it keeps working.
 */
export class AbortError extends CodexError {
  override readonly name: string = 'AbortError';
  override readonly kind: CodexErrorKind = 'aborted';

  constructor(action: string, reason: unknown) {
    super(`${action} was aborted`, { cause: reason, action });
  }
}

/** The engine did not answer a request in time. The request may still take effect; its late answer is dropped. */
export class TimeoutError extends CodexError {
  override readonly name: string = 'TimeoutError';
  override readonly kind: CodexErrorKind = 'timeout';
  readonly method: string;
  readonly timeoutMs: number;

  constructor(method: string, timeoutMs: number) {
    super(`${method} was not answered within ${timeoutMs} ms`, { action: method, retryable: true });
    this.method = method;
    this.timeoutMs = timeoutMs;
  }
}

oneClassInAllCopies({ CodexError, AbortError, TimeoutError });
