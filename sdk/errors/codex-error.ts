/** Stable word for what went wrong, the same in every release. Use it, or `instanceof`, to tell errors apart. */
export type CodexErrorKind =
  | 'codex'
  | 'launch'
  | 'transport-closed'
  | 'turn-failed'
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

/**
 * Base of every error of this SDK (Python: `CodexError`).
 *
 * `kind` is the stable string. It is not called `code` because `JsonRpcError.code` is the number that the engine sent,
 * as in Python.
 */
export class CodexError extends Error {
  override readonly name: string = 'CodexError';
  readonly kind: CodexErrorKind = 'codex';
}
