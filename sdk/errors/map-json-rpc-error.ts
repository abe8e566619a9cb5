import { isOverloadData, isRetryLimitText } from './overload-signs.ts';
import {
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

const byCode = new Map<number, typeof CodexRpcError>([
  [-32700, ParseError],
  [-32600, InvalidRequestError],
  [-32601, MethodNotFoundError],
  [-32602, InvalidParamsError],
  [-32603, InternalRpcError],
]);

/**
 * The error for an error answer (Python: `map_jsonrpc_error`). The code wins over the data, except in the server range.
 * @param action what was being done: the request's method
 */
export function mapJsonRpcError(code: number, message: string, data?: unknown, action?: string): JsonRpcError {
  const known = byCode.get(code);
  if (known) return new known(code, message, data, action);
  if (code < -32099 || code > -32000) return new JsonRpcError(code, message, data, action);
  if (isRetryLimitText(message)) return new RetryLimitExceededError(code, message, data, action);
  if (isOverloadData(data)) return new ServerBusyError(code, message, data, action);
  return new CodexRpcError(code, message, data, action);
}
