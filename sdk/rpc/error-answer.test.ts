import { expect, test } from 'vitest';
import { errorFromAnswer } from './error-answer.ts';

test.each([null, 'no', [], 5, true])('an error member that is %j is malformed', (error) => {
  expect(errorFromAnswer(error, 'm')).toMatchObject({
    name: 'CodexError',
    message: 'Malformed JSON-RPC error response',
  });
});

test.each([
  [{ code: -32601, message: 'm' }, 'MethodNotFoundError', -32601, 'm'],
  [{ code: '-32601', message: 'm' }, 'MethodNotFoundError', -32601, 'm'],
  [{ code: -32601.9, message: 'm' }, 'MethodNotFoundError', -32601, 'm'],
  [{ code: true, message: 'm' }, 'JsonRpcError', 1, 'm'],
  [{}, 'CodexRpcError', -32000, 'unknown'],
  [{ code: 'abc', message: 'm' }, 'CodexRpcError', -32000, 'm'],
  [{ code: null, message: null }, 'CodexRpcError', -32000, 'None'],
  [{ code: {}, message: { a: [1] } }, 'CodexRpcError', -32000, "{'a': [1]}"],
])('%j', (error, name, code, rpcMessage) => {
  expect(errorFromAnswer(error, 'm')).toMatchObject({
    name,
    code,
    rpcMessage,
    message: `JSON-RPC error ${code}: ${rpcMessage}`,
  });
});
