import { expect, test } from 'vitest';
import { answerLine, type ServerRequestHandler } from './server-requests.ts';

const { signal } = new AbortController();

async function answered(request: { method: unknown; params?: object }, onServerRequest?: ServerRequestHandler) {
  const { method, params = null } = request;
  return JSON.parse(String(await answerLine({ id: 7, method, params } as never, '7', { onServerRequest }, signal)));
}

test('a handler sees the method and the parameters, null where there are none; its answer goes out as it is, null too', async () => {
  const seen: unknown[] = [];
  const handler =
    (result: object | null): ServerRequestHandler =>
    ({ method, params, id }) => {
      seen.push([method, params, id]);
      return result as never;
    };
  const decision = { decision: { odd: [null] } };
  const request = { method: 'item/fileChange/requestApproval', params: { itemId: 'i' } };
  expect(await answered(request, handler(decision))).toEqual({ id: 7, result: decision });
  expect(await answered({ method: 'of/a/later/engine' }, handler(null))).toEqual({ id: 7, result: null });
  expect(seen).toEqual([
    ['item/fileChange/requestApproval', { itemId: 'i' }, 7],
    ['of/a/later/engine', null, 7],
  ]);
});

test('a request whose method is no text is answered with nothing, and no handler is asked', async () => {
  const never: ServerRequestHandler = () => ({ asked: true }) as never;
  expect(await answered({ method: 5 }, never)).toEqual({ id: 7, result: {} });
});

test('what no handler answers is left to others, if the client says so; what one answers is sent, and so is the safe answer for one that fails', async () => {
  const left = (onServerRequest?: ServerRequestHandler) =>
    answerLine(
      { id: 7, method: 'item/fileChange/requestApproval', params: {} } as never,
      '7',
      { onServerRequest, leaveToOthers: true },
      signal,
    );
  expect(await left()).toBe(undefined);
  expect(await left(() => undefined)).toBe(undefined);
  expect(await left(() => ({ decision: 'accept' }))).toBe('{"id":7,"result":{"decision":"accept"}}');
  const failing = () => {
    throw new Error('x');
  };
  expect(await left(failing)).toBe('{"id":7,"result":{"decision":"decline"}}');
});
