import { expect, test } from 'vitest';
import { JsonRpcError } from '../../../sdk/index.ts';
import { observedError } from './observer.ts';

test('class, message, number and data of an error answer, and the causes outermost first', () => {
  const error = new JsonRpcError(-32050, 'no', { a: 1 });
  error.cause = new RangeError('r', { cause: new TypeError('t', { cause: 'text' }) });
  expect(observedError(error, () => true)).toEqual({
    class: 'JsonRpcError',
    message: 'JSON-RPC error -32050: no',
    code: -32050,
    data: { a: 1 },
    retryable: true,
    causes: ['RangeError', 'TypeError'],
  });
});

test("Node's string codes and null data are left out, as Python has neither", () => {
  const error = Object.assign(new Error('gone'), { code: 'ENOENT', data: null });
  expect(observedError(error, () => false)).toEqual({ class: 'Error', message: 'gone', retryable: false });
});

test('what is thrown and is no error', () => {
  expect(observedError('text', () => false)).toEqual({ class: 'string', message: 'text', retryable: false });
});
