export { AbortError } from './abort-error.ts';
export { AuthError } from './auth-error.ts';
export { CodexError, type CodexErrorDetails, type CodexErrorKind } from './codex-error.ts';
export { type EngineExit, EngineExitError } from './engine-exit-error.ts';
export { LaunchError } from './launch-error.ts';
export { mapJsonRpcError } from './map-json-rpc-error.ts';
export { isRetryableError } from './overload.ts';
export { type RetryOptions, retryOnOverload } from './retry-on-overload.ts';
export {
  CodexRpcError,
  InternalRpcError,
  InvalidParamsError,
  InvalidRequestError,
  JsonRpcError,
  MethodNotFoundError,
  ParseError,
  RetryLimitExceededError,
  ServerBusyError,
} from './rpc-errors.ts';
export { TimeoutError } from './timeout-error.ts';
export { TransportClosedError } from './transport-closed-error.ts';
export { TurnFailedError } from './turn-failed-error.ts';
