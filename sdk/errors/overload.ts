import { isOverloadData } from './overload-signs.ts';
import { JsonRpcError, ServerBusyError } from './rpc-errors.ts';

/**
 * Whether the engine has refused for want of capacity, so that the same request may be sent again at once (Python: `is_retryable_error`): a
 * `ServerBusyError`, or any error answer whose data says overload, whatever its class. Narrower than `CodexError.retryable`: what was
 * refused like this has had no effect, and the connection lives.
 */
export function isRetryableError(error: unknown): boolean {
  return error instanceof ServerBusyError || (error instanceof JsonRpcError && isOverloadData(error.data));
}
