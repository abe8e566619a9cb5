import { oneClassInAllCopies } from '../../native/one-class.mjs';
import { saysOtherWriter, saysOverloaded } from '../rpc/engine-words.ts';
import { CodexError, type CodexErrorKind } from './codex-error.ts';

/** Whether an error's data says "server overloaded", in any of the places where the engine has put it, at any depth. */
export function isOverloadData(data: unknown): boolean {
  const left = [data];
  // A program's own data may go in circles.
  const seen = new Set<object>();
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string') {
      if (saysOverloaded(value)) return true;
    } else if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value);
      for (const entry of Object.values(value)) left.push(entry);
    }
  }
  return false;
}

/** Whether a text says that the engine has used up its own retries. */
export function isRetryLimitText(message: string): boolean {
  const lowered = message.toLowerCase();
  return lowered.includes('retry limit') || lowered.includes('too many failed attempts');
}

/**
 * The engine answered with an error (Python: `JsonRpcError`). This class itself stands for a code outside the ranges
 * below.
 */
export class JsonRpcError extends CodexError {
  override readonly name: string = 'JsonRpcError';
  override readonly kind: CodexErrorKind = 'json-rpc';
  /** The JSON-RPC error code. */
  readonly code: number;
  /**
   * The engine's own text; `message` is `JSON-RPC error CODE: TEXT`, and says which engines have a method that this one
   * lacks. Python keeps it as `message`.
   */
  readonly rpcMessage: string;
  /** The answer's `data` member; undefined when it had none. */
  readonly data: unknown;

  constructor(code: number, rpcMessage: string, data?: unknown, action?: string, explanation = rpcMessage) {
    super(`JSON-RPC error ${code}: ${explanation}`, { action, retryable: isOverloadData(data) });
    this.code = code;
    this.rpcMessage = rpcMessage;
    this.data = data;
  }
}

/** Base class of the typed error answers. This class itself stands for -32099 to -32000 without a sign of overload. */
export class CodexRpcError extends JsonRpcError {
  override readonly name: string = 'CodexRpcError';
  override readonly kind: CodexErrorKind = 'rpc';
}

/** -32700: the engine could not parse the request. */
export class ParseError extends CodexRpcError {
  override readonly name: string = 'ParseError';
  override readonly kind: CodexErrorKind = 'parse';
}

/** -32600: the engine refused the request. The real engine uses this code for nearly every refusal. */
export class InvalidRequestError extends CodexRpcError {
  override readonly name: string = 'InvalidRequestError';
  override readonly kind: CodexErrorKind = 'invalid-request';
}

/**
 * Another engine process has the thread open. Nothing was done. Use a client of that engine (`unixSocket()`,
 * `webSocket()`), close the client that has it open, or fork the thread.
 */
export class WriterConflictError extends InvalidRequestError {
  override readonly name: string = 'WriterConflictError';
  override readonly kind: CodexErrorKind = 'writer-conflict';
}

/** -32601: the method does not exist. */
export class MethodNotFoundError extends CodexRpcError {
  override readonly name: string = 'MethodNotFoundError';
  override readonly kind: CodexErrorKind = 'method-not-found';
}

/** -32602: the parameters are invalid. */
export class InvalidParamsError extends CodexRpcError {
  override readonly name: string = 'InvalidParamsError';
  override readonly kind: CodexErrorKind = 'invalid-params';
}

/** -32603: the engine failed internally. */
export class InternalRpcError extends CodexRpcError {
  override readonly name: string = 'InternalRpcError';
  override readonly kind: CodexErrorKind = 'internal';
}

/** The engine is overloaded; the same request may succeed later. */
export class ServerBusyError extends CodexRpcError {
  override readonly name: string = 'ServerBusyError';
  override readonly kind: CodexErrorKind = 'server-busy';
  override readonly retryable: boolean = true;
}

/** The engine gave up after its own retries. */
export class RetryLimitExceededError extends ServerBusyError {
  override readonly name: string = 'RetryLimitExceededError';
  override readonly kind: CodexErrorKind = 'retry-limit-exceeded';
}

const byCode = new Map<number, typeof CodexRpcError>([
  [-32700, ParseError],
  [-32600, InvalidRequestError],
  [-32601, MethodNotFoundError],
  [-32602, InvalidParamsError],
  [-32603, InternalRpcError],
]);

/**
 * The error for an error answer (Python: `map_jsonrpc_error`). The code takes precedence over the data, except in the
 * server range.
 * @param action what the SDK was doing: the request's method
 * @param explanation what `message` says in place of the engine's text
 */
export function mapJsonRpcError(
  code: number,
  message: string,
  data?: unknown,
  action?: string,
  explanation?: string,
): JsonRpcError {
  return new (classOf(code, message, data))(code, message, data, action, explanation);
}

function classOf(code: number, message: string, data: unknown): typeof JsonRpcError {
  const known = byCode.get(code);
  if (known === InvalidRequestError && saysOtherWriter(message)) return WriterConflictError;
  if (known) return known;
  if (code < -32099 || code > -32000) return JsonRpcError;
  if (isRetryLimitText(message)) return RetryLimitExceededError;
  return isOverloadData(data) ? ServerBusyError : CodexRpcError;
}

oneClassInAllCopies({
  JsonRpcError,
  CodexRpcError,
  ParseError,
  InvalidRequestError,
  WriterConflictError,
  MethodNotFoundError,
  InvalidParamsError,
  InternalRpcError,
  ServerBusyError,
  RetryLimitExceededError,
});
