import { expect, test } from 'vitest';
import { completed, item, withThread } from '../test-fixtures/connected-client.ts';
import { ApprovalMode } from './approval-mode.ts';
import { Sandbox } from './sandbox.ts';

async function collect<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

test('a list goes on page by page, each asked for when it is needed', async () => {
  const { engine, codex, thread } = await withThread();
  const all = collect(codex.threads({ limit: 2, searchTerm: 's', cursor: 'start' }));
  const first = await engine.answer({ data: [{ id: 'a' }, { id: 'b' }], nextCursor: '2' });
  expect(first.params).toEqual({ cursor: 'start', limit: 2, searchTerm: 's' });
  const second = await engine.answer({ data: [], nextCursor: '3' });
  expect(second.params).toEqual({ cursor: '2', limit: 2, searchTerm: 's' });
  await engine.answer({ data: [{ id: 'c' }], nextCursor: null });
  expect((await all).map(({ id }) => id)).toEqual(['a', 'b', 'c']);

  const turns = thread.turns({ itemsView: 'full', sortDirection: 'desc' });
  const [, request] = await Promise.all([turns.next(), engine.answer({ data: [{ id: 't' }], nextCursor: 'x' })]);
  expect(request).toMatchObject({
    method: 'thread/turns/list',
    params: { threadId: 'th', itemsView: 'full', sortDirection: 'desc' },
  });
  await turns.return();
  expect(engine.peer.received).toEqual([]);
});

test('a list that names a page as the one after itself is refused', async () => {
  const { engine, thread } = await withThread();
  const all = collect(thread.items({ turnId: 't' }));
  expect((await engine.answer({ data: [], nextCursor: 'x' })).params).toEqual({ threadId: 'th', turnId: 't' });
  const wanted = expect(all).rejects.toThrow('the engine names the page x as the one after itself');
  await Promise.all([wanted, engine.answer({ data: [], nextCursor: 'x' })]);
});

test('what changes a thread, as it goes out', async () => {
  const { engine, codex, thread } = await withThread();
  const calls: [() => Promise<unknown>, string, object][] = [
    [() => thread.revert('t'), 'thread/revert', { threadId: 'th', beforeTurnId: 't' }],
    [() => codex.threadDelete('th'), 'thread/delete', { threadId: 'th' }],
    [
      () => thread.updateMetadata({ gitInfo: { branch: null } }),
      'thread/metadata/update',
      { threadId: 'th', gitInfo: { branch: null } },
    ],
    [
      () =>
        thread.updateSettings({
          model: 'm',
          cwd: null,
          sandbox: Sandbox.fullAccess,
          approvalMode: ApprovalMode.denyAll,
        }),
      'thread/settings/update',
      { threadId: 'th', model: 'm', sandboxPolicy: { type: 'dangerFullAccess' }, approvalPolicy: 'never' },
    ],
    [() => collect(codex.loadedThreads()), 'thread/loaded/list', {}],
  ];
  for (const [call, method, params] of calls) {
    const [, request] = await Promise.all([call(), engine.answer({ data: [] })]);
    expect(request).toMatchObject({ method });
    expect(request.params).toEqual(params);
  }
  await expect(thread.updateSettings({ sandbox: 'read' as never })).rejects.toThrow('sandbox must be one of');
});

test('a review is a turn: its events from the sending on, its thread as the engine says', async () => {
  const { engine, thread } = await withThread();
  const starting = thread.review({ type: 'uncommittedChanges' }, { delivery: 'inline' });
  const request = await engine.next();
  expect(request).toMatchObject({ method: 'review/start', params: { threadId: 'th', delivery: 'inline' } });
  engine.send(item('early'));
  engine.send({ id: request.id, result: { turn: { id: 't' }, reviewThreadId: 'th2' } });
  const handle = await starting;
  engine.send(completed());
  expect([handle.threadId, (await handle.run()).finalResponse]).toEqual(['th2', 'early']);
});

test.each(['detached', 'a later delivery'])(
  'a review (%s) on a thread of its own keeps what that thread says before the answer, its end included',
  async (delivery) => {
    const { engine, thread } = await withThread();
    const starting = thread.review({ type: 'uncommittedChanges' }, { delivery });
    const request = await engine.next();
    for (const { method, params } of [item('early'), completed()])
      engine.send({ method, params: { ...params, threadId: 'th2' } });
    engine.send({ id: request.id, result: { turn: { id: 't' }, reviewThreadId: 'th2' } });
    const handle = await starting;
    expect([handle.threadId, (await handle.run()).finalResponse]).toEqual(['th2', 'early']);
  },
);
