import { expect, test } from 'vitest';
import { errorFromAnswer, parseMessage } from './incoming-message.ts';

const parse = (text: string, terminated = true) => parseMessage({ text, terminated });

test('an object is a message', () => {
  expect(parse('{"id":1}')).toEqual({ id: 1 });
  expect(parse('{"text":"\\ud800"}')).toEqual({ text: '\ud800' });
});

test.each([
  ['', "Invalid JSON-RPC line: '\\n'"],
  ['not json', "Invalid JSON-RPC line: 'not json\\n'"],
  ["it's", `Invalid JSON-RPC line: "it's\\n"`],
  ['{}{}', "Invalid JSON-RPC line: '{}{}\\n'"],
  ['\ufeff{}', "Invalid JSON-RPC line: '\\ufeff{}\\n'"],
  ['[1, "a", null]', "Invalid JSON-RPC payload: [1, 'a', None]"],
  ['true', 'Invalid JSON-RPC payload: True'],
  ['"x"', "Invalid JSON-RPC payload: 'x'"],
])('%j is malformed', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});

test('a line that the end cut off is quoted without a line feed, a long one is cut', () => {
  expect(() => parse('{"a', false)).toThrow(/^Invalid JSON-RPC line: '\{"a'$/);
  expect(() => parse('x'.repeat(5000))).toThrow(/x… \(5003 characters\)$/);
});

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
