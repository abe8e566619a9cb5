/** Stable word for what went wrong, the same in every release. Use it, or `instanceof`, to tell errors apart. */
export type CodexErrorKind =
  | 'codex'
  | 'launch'
  | 'not-connected'
  | 'protocol'
  | 'unsupported'
  | 'transport-closed'
  | 'engine-exited'
  | 'lagging'
  | 'turn-failed'
  | 'auth'
  | 'install'
  | 'timeout'
  | 'aborted'
  | 'json-rpc'
  | 'rpc'
  | 'parse'
  | 'invalid-request'
  | 'method-not-found'
  | 'invalid-params'
  | 'internal'
  | 'server-busy'
  | 'retry-limit-exceeded';

/** What an error knows beside its text. */
export interface CodexErrorDetails extends ErrorOptions {
  /** Default `codex`; the classes below `CodexError` have their own. */
  kind?: CodexErrorKind | undefined;
  /** See `CodexError.action`. */
  action?: string | undefined;
  /** See `CodexError.retryable`. Default false. */
  retryable?: boolean | undefined;
}

/**
 * Base of every error that this SDK throws by itself (Python: `CodexError`), but for `TypeError` and `RangeError`: those say that an argument is wrong
 * (Python: `TypeError`, `ValueError`), and nothing has been sent.
 *
 * `kind` is the stable string. It is not called `code` because `JsonRpcError.code` is the number that the engine sent,
 * as in Python.
 */
export class CodexError extends Error {
  override readonly name: string = 'CodexError';
  readonly kind: CodexErrorKind;
  /** What was being done: the method of the request, as `turn/start`, or words. Undefined where nobody was doing anything. */
  readonly action: string | undefined;
  /**
   * Whether the same again may succeed without anything being changed, on a new connection if this one is gone (`close()`, then call again).
   * It does not say that what failed has had no effect: see `isRetryableError()` for that.
   */
  readonly retryable: boolean;

  constructor(message?: string, details: CodexErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.kind = details.kind ?? 'codex';
    this.action = details.action;
    this.retryable = details.retryable ?? false;
  }
}

/**
 * The caller's AbortSignal fired (Python: `asyncio.CancelledError`). `cause` is the signal's reason.
 * Named `AbortError`, as the platform's own is, so that code which asks for that name keeps working.
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
