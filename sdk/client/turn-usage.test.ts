import { expect, test } from 'vitest';
import { completed, item, startTurn, withThread } from '../test-fixtures/connected-client.ts';

const breakdown = (totalTokens: number) => ({
  ...{ inputTokens: totalTokens, cachedInputTokens: 0, outputTokens: 0, reasoningOutputTokens: 0, totalTokens },
});
const report = (turnId: string, total: number, last: number) => ({
  method: 'thread/tokenUsage/updated',
  params: { threadId: 'th', turnId, tokenUsage: { total: breakdown(total), last: breakdown(last) } },
});

test('the usage of a turn is that of all its requests, beside the last report as Python has it', async () => {
  const { engine, codex, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  for (const [total, last] of [
    [110, 10],
    [130, 20],
    [130, 20],
  ] as const)
    engine.send(report('t', total, last));
  engine.send(completed());
  const result = await handle.run();
  expect(result.turnUsage).toEqual(breakdown(30));
  expect(result.usage).toEqual({ total: breakdown(130), last: breakdown(20) });
  await codex.close();
});

test('a handle that joins late has the usage of the whole turn; reports after its end are not in it', async () => {
  const { engine, codex, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  engine.send(report('t', 10, 10));
  const late = await thread.attach('t');
  const none = await thread.attach('t');
  engine.send(report('t', 15, 5));
  engine.send(completed());
  engine.send(report('t', 99, 84));
  for (const one of [handle, late]) expect((await one.result()).turnUsage).toEqual(breakdown(15));
  expect((await none.run()).turnUsage).toEqual(breakdown(15));
  await codex.close();
});

test('a turn of which nothing is reported has none', async () => {
  const { engine, codex, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  engine.send(report('another', 10, 10));
  engine.send(completed());
  expect((await handle.run()).turnUsage).toBeNull();
  await codex.close();
});

test('what a repair used is added', async () => {
  const { engine, codex, thread } = await withThread();
  const running = thread.run('count', { output: { type: 'number' }, repair: 1 });
  for (const [id, total, last, text] of [
    ['a', 10, 10, 'one'],
    ['b', 15, 5, '{"value":1}'],
  ] as const) {
    await engine.answer({ turn: { id } });
    engine.send(report(id, total, last));
    engine.send(item(text, id));
    engine.send(completed(id));
  }
  const { output, turnUsage, usage } = await running;
  expect([output, turnUsage, usage?.last]).toEqual([1, breakdown(15), breakdown(5)]);
  await codex.close();
});

test('a goal has used what its turns have', async () => {
  const { engine, codex, thread } = await withThread();
  const running = thread.runGoal('win');
  await engine.answer({ thread: { id: 'th', status: { type: 'idle' }, path: '/x' } });
  await engine.answer({});
  await engine.answer({});
  const goal = (status: string) => engine.notify('thread/goal/updated', { threadId: 'th', goal: { status } });
  goal('active');
  for (const [id, total, last] of [
    ['a', 10, 10],
    ['b', 25, 15],
  ] as const) {
    engine.notify('turn/started', { threadId: 'th', turn: { id } });
    engine.send(report(id, total - 1, last - 1));
    engine.send(report(id, total, 1));
    if (id === 'b') goal('complete');
    engine.send(completed(id));
  }
  const { turnUsage } = await running;
  expect(turnUsage).toEqual(breakdown(25));
  await codex.close();
});
