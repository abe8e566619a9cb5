import { CodexError } from './codex-error.ts';
import { EngineExitError } from './engine-exit-error.ts';
import { TransportClosedError } from './transport-closed-error.ts';

/**
 * The end of a connection as one of its callers gets it: an error of his own that says what he was doing, with a stack that is his. An
 * error that is not of this SDK, as a transport of the program's own may give, goes to everyone as it is.
 */
export function forCaller(cause: Error, action: string): Error {
  if (!(cause instanceof CodexError)) return cause;
  const { message, kind, retryable } = cause;
  const details = { kind, retryable, action, ...('cause' in cause ? { cause: cause.cause } : {}) };
  if (cause instanceof EngineExitError) return new EngineExitError(message, cause, details);
  if (cause instanceof TransportClosedError) return new TransportClosedError(message, details);
  return cause.name === 'CodexError' ? new CodexError(message, details) : cause;
}
