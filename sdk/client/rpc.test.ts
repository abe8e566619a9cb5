import { expect, expectTypeOf, test } from 'vitest';
import { clientRequestMethods, rpcMethods, type ThreadListResponse } from '../protocol/index.ts';
import { connected } from '../test-fixtures/connected-client.ts';

test('every request of the contract has its method', () => {
  expect(Object.values(rpcMethods).sort()).toEqual(Object.keys(clientRequestMethods).sort());
});

test('a request without parameters has no key, one whose parameters are optional has an empty object', async () => {
  const { engine, codex } = await connected();
  const calls = [
    () => codex.rpc.accountLogout(),
    () => codex.rpc.threadList(),
    () => codex.rpc.threadIncrementElicitation({ threadId: 'th' }),
    () => codex.rpc.accountUsageRead(),
  ];
  const sent = [];
  for (const call of calls) {
    const [, { method, params }] = await Promise.all([call(), engine.answer({})]);
    sent.push([method, params]);
  }
  expect(sent).toEqual([
    ['account/logout', undefined],
    ['thread/list', {}],
    ['thread/increment_elicitation', { threadId: 'th' }],
    ['account/usage/read', undefined],
  ]);
  expectTypeOf(codex.rpc.threadList).returns.resolves.toEqualTypeOf<ThreadListResponse>();
});

test('each call may have its own signal and its own time', async () => {
  const { engine, codex } = await connected();
  const controller = new AbortController();
  const call = codex.rpc.threadRead({ threadId: 'th' }, { signal: controller.signal, timeoutMs: 5 });
  const other = codex.rpc.accountLogout({ signal: controller.signal });
  await engine.next();
  controller.abort('enough');
  await expect(call).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
  await expect(other).rejects.toMatchObject({ name: 'AbortError' });
});

test('a request that is refused for overload is sent again, with the same parameters and a new id', async () => {
  const { engine, codex } = await connected();
  const call = codex.requestWithRetryOnOverload('model/list', { limit: 1 }, { initialDelayMs: 0 });
  const first = await engine.next();
  engine.send({ id: first.id, error: { code: -32001, message: 'busy', data: 'server_overloaded' } });
  const second = await engine.answer({ data: [] });
  expect(await call).toEqual({ data: [] });
  expect([second.method, second.params]).toEqual([first.method, first.params]);
  expect(second.id).not.toBe(first.id);
});
