import { expect, test } from 'vitest';
import { CodexError } from './codex-error.ts';
import { TransportClosedError } from './connection-errors.ts';
import { isRetryableError } from './retry-on-overload.ts';
import {
  CodexRpcError,
  InternalRpcError,
  InvalidParamsError,
  InvalidRequestError,
  JsonRpcError,
  MethodNotFoundError,
  mapJsonRpcError,
  ParseError,
  RetryLimitExceededError,
  ServerBusyError,
} from './rpc-errors.ts';

const overload = 'server_overloaded';

test.each([
  [-32700, 'm', undefined, ParseError],
  [-32600, 'm', undefined, InvalidRequestError],
  [-32601, 'm', undefined, MethodNotFoundError],
  [-32602, 'm', undefined, InvalidParamsError],
  [-32603, 'retry limit', overload, InternalRpcError],
  [-32000, 'm', undefined, CodexRpcError],
  [-32099, 'm', { other: 1 }, CodexRpcError],
  [-32100, 'm', overload, JsonRpcError],
  [5, 'm', overload, JsonRpcError],
  [-32001, 'm', overload, ServerBusyError],
  [-32001, 'm', { codexErrorInfo: { deep: ['Server_Overloaded'] } }, ServerBusyError],
  [-32001, 'm', { reason: 'modelOverloaded' }, ServerBusyError],
  [-32001, 'm', { reason: 'the engine is not overloaded' }, CodexRpcError],
  [-32001, 'Retry Limit reached', undefined, RetryLimitExceededError],
  [-32001, 'too many failed attempts', overload, RetryLimitExceededError],
])('code %d, %j, data %j', (code, message, data, expected) => {
  const error = mapJsonRpcError(code, message, data);
  expect(error.constructor).toBe(expected);
  expect(error.message).toBe(`JSON-RPC error ${code}: ${message}`);
  expect(error).toMatchObject({ name: expected.name, code, rpcMessage: message, data });
  expect(error.retryable).toBe(isRetryableError(error));
});

test('the family', () => {
  const parents = [JsonRpcError, CodexRpcError, ServerBusyError, RetryLimitExceededError].map(Object.getPrototypeOf);
  expect(parents).toEqual([CodexError, JsonRpcError, CodexRpcError, ServerBusyError]);
  expect(new TransportClosedError('m')).toBeInstanceOf(CodexError);
});

test.each([
  [mapJsonRpcError(-32001, 'm', overload), true],
  [mapJsonRpcError(-32001, 'retry limit'), true],
  [mapJsonRpcError(-32603, 'm', [overload]), true],
  [mapJsonRpcError(5, 'm', { a: { b: overload } }), true],
  [mapJsonRpcError(-32001, overload), false],
  [mapJsonRpcError(-32602, 'm'), false],
  [new TransportClosedError('m'), false],
  [overload, false],
])('%s may be retried: %j', (error, expected) => {
  expect(isRetryableError(error)).toBe(expected);
});
