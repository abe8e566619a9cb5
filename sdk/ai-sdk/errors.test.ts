import { APICallError } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { CodexError, InvalidRequestError, JsonRpcError, TurnFailedError } from '../index.ts';
import { apiCallError } from './errors.ts';

const failedBy = (codexErrorInfo: unknown) =>
  new TurnFailedError({ error: { message: 'no', codexErrorInfo } } as never);
const made = (error: unknown, threadId?: string) => apiCallError(error, { APICallError }, threadId) as APICallError;

test.each([
  ['unauthorized', 401],
  ['usageLimitExceeded', 429],
  ['serverOverloaded', 503],
  ['later', undefined],
  [{ httpConnectionFailed: { httpStatusCode: 502 } }, 502],
  [{ httpConnectionFailed: { httpStatusCode: null } }, undefined],
  [{ later: 7 }, undefined],
  [null, undefined],
])('a turn that failed by %j has the status %s', (info, status) => {
  expect(made(failedBy(info)).statusCode).toBe(status);
});

test('a request that the engine refuses has status 400, another failure has none; the engine and the thread are named', () => {
  expect(made(new InvalidRequestError(-32600, 'no')).statusCode).toBe(400);
  expect(made(new JsonRpcError(-32600, 'no')).statusCode).toBe(400);
  const plain = made(new CodexError('no', { kind: 'protocol' }), 'th');
  expect(plain.statusCode).toBeUndefined();
  expect([plain.url, plain.requestBodyValues]).toEqual(['codex:protocol', { threadId: 'th' }]);
  expect(made(new CodexError('no', { action: 'turn/start' })).url).toBe('codex:turn/start');
  expect(made(new CodexError('no')).requestBodyValues).toEqual({});
});

test('what the program did wrong, and a missing package, stay as they are', () => {
  for (const error of [new TypeError('x'), new CodexError('x', { kind: 'install' }), 'x'])
    expect(apiCallError(error, { APICallError })).toBe(error);
});
