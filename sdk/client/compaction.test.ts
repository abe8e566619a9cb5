import { expect, test } from 'vitest';
import { completed, startTurn, until, withThread } from '../test-fixtures/connected-client.ts';
import type { MemoryEngine } from '../test-fixtures/memory-engine.ts';
import { withGoal } from '../test-fixtures/started-goal.ts';

const started = (id: string) => ({ method: 'turn/started', params: { threadId: 'th', turn: { id, items: [] } } });
const item = (turnId: string, type: string, method = 'item/started') => ({
  method,
  params: { threadId: 'th', turnId, item: { type, id: 'i' } },
});

function play(engine: MemoryEngine, ...messages: object[]): void {
  for (const message of messages) engine.send(message);
}

test('without wait it settles with the answer, as in Python', async () => {
  const { engine, codex, thread } = await withThread();
  const [answer, request] = await Promise.all([thread.compact(), engine.answer({})]);
  expect(answer).toEqual({});
  expect(request).toMatchObject({ method: 'thread/compact/start', params: { threadId: 'th' } });
  await codex.close();
});

test('with wait it settles at the end of the compaction, not of a turn that it interrupts or of one of somebody else', async () => {
  const { engine, codex, thread } = await withThread();
  const { handle } = await startTurn(engine, thread, [started('t')]);
  let settled = false;
  const compacted = thread.compact({ wait: true });
  void compacted.then(() => {
    settled = true;
  });
  const request = await engine.next();
  // All in one piece, before the answer is handled.
  play(engine, { id: request.id, result: {} }, item('t', 'contextCompaction'), completed('t', 'interrupted'));
  play(engine, started('of others'), item('of others', 'userMessage'), completed('of others'));
  play(engine, started('c'), item('c', 'contextCompaction'), item('c', 'contextCompaction', 'item/completed'));
  await handle.result();
  for (let i = 0; i < 10; i += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(settled).toBe(false);
  play(engine, completed('c'));
  expect(await compacted).toMatchObject({ id: 'c', status: 'completed', items: [{ type: 'contextCompaction' }] });
  await codex.close();
});

test('what a compaction has used is counted before it is read', async () => {
  const { engine, codex, thread } = await withThread();
  const compacted = thread.compact({ wait: true });
  await engine.answer({});
  const usage = { inputTokens: 7, cachedInputTokens: 0, outputTokens: 1, reasoningOutputTokens: 0, totalTokens: 8 };
  const used = { threadId: 'th', turnId: 'c', tokenUsage: { total: usage, last: usage, modelContextWindow: null } };
  const told = [started('c'), item('c', 'contextCompaction'), { method: 'thread/tokenUsage/updated', params: used }];
  for (const message of [...told, completed('c')]) {
    // Each is read by itself.
    await new Promise((resolve) => setImmediate(resolve));
    engine.send(message);
  }
  expect((await compacted).turnUsage).toEqual(usage);
  await codex.close();
});

test('a compaction that fails throws its error, also one that has no item', async () => {
  const { engine, codex, thread } = await withThread();
  const compacted = thread.compact({ wait: true });
  const { id } = await engine.next();
  const failed = {
    method: 'turn/completed',
    params: { threadId: 'th', turn: { id: 'c', items: [], status: 'failed', error: { message: 'cannot compact' } } },
  };
  play(engine, { id, result: {} }, started('c'), failed);
  await expect(compacted).rejects.toMatchObject({ name: 'TurnFailedError', message: 'cannot compact' });
  await codex.close();
});

test('a refusal, an abort and the end of the engine end the wait, and the thread is free again', async () => {
  const { engine, codex, thread } = await withThread();
  const refused = thread.compact({ wait: true });
  refused.catch(() => {});
  await engine.refuse(-32600, 'no');
  await expect(refused).rejects.toMatchObject({ name: 'InvalidRequestError' });
  const abort = new AbortController();
  const aborted = thread.compact({ wait: true, signal: abort.signal });
  await engine.answer({});
  await new Promise((resolve) => setImmediate(resolve));
  abort.abort();
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  const { handle } = await startTurn(engine, thread);
  const lost = thread.compact({ wait: true });
  lost.catch(() => {});
  await engine.answer({});
  await new Promise((resolve) => setImmediate(resolve));
  engine.peer.end();
  await expect(lost).rejects.toMatchObject({ name: 'TransportClosedError' });
  await expect(handle.run()).rejects.toMatchObject({ name: 'TransportClosedError' });
  await codex.close();
});

test('with wait it settles also on a thread that works on a goal', async () => {
  const { engine, codex, thread } = await withGoal();
  const compacted = thread.compact({ wait: true });
  const { id } = await engine.next();
  play(engine, { id, result: {} }, started('c'), item('c', 'contextCompaction'), completed('c'));
  expect(await compacted).toMatchObject({ id: 'c', status: 'completed' });
  await codex.close();
});

test('two at once are two compactions', async () => {
  const { engine, codex, thread } = await withThread();
  const both = [thread.compact({ wait: true }), thread.compact({ wait: true })];
  for (const id of ['c', 'd']) {
    await until(() => engine.peer.received.length > 0);
    await engine.answer({});
    play(engine, started(id), item(id, 'contextCompaction'), completed(id));
  }
  expect((await Promise.all(both)).map(({ id }) => id)).toEqual(['c', 'd']);
  await codex.close();
});
