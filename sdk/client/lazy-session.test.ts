import { setImmediate as nextTick } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { completed, item, setUp, startTurn, until, withThread } from '../test-fixtures/connected-client.ts';
import { gc } from '../test-fixtures/gc.ts';

afterEach(() => void vi.useRealTimers());

/** Lets the collector do its work and its finalizers theirs, once; or until the condition holds. */
async function collected(condition: () => boolean = () => true): Promise<void> {
  do {
    gc();
    await nextTick();
    await nextTick();
  } while (!condition());
}

/** A turn that is read by a stream, and nothing else that leads to its client. */
async function streamOnly() {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread, [item('1')]);
  const stream = handle.stream();
  await stream.next();
  return { engine, stream };
}

test('a client that is dropped without an end is closed; not while somebody can read a turn of it', async () => {
  const held: { stream?: AsyncGenerator<unknown, void, void> } = {};
  const { engine } = await (async () => {
    const { engine, stream } = await streamOnly();
    held.stream = stream;
    return { engine };
  })();
  await collected();
  expect(engine.peer.closed).toBe(false);
  engine.send(completed());
  expect(await held.stream?.next()).toMatchObject({ value: { method: 'turn/completed' } });
  delete held.stream;
  await collected(() => engine.peer.closed);
  expect(engine.peer.closed).toBe(true);
});

test('a request that waits keeps its client, and gets its answer', async () => {
  const { engine, answer } = await (async () => {
    const { engine, codex } = await withThread();
    return { engine, answer: codex.models() };
  })();
  const request = await engine.next();
  await collected();
  engine.send({ id: request.id, result: { data: [] } });
  expect(await answer).toEqual({ data: [] });
});

test('the time of a call counts from the call: connecting is in it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const { engine, codex } = setUp();
  const early = codex.models({ timeoutMs: 5000 });
  const late = codex.account({ timeoutMs: 9000 });
  await until(() => engine.peers.length === 1);
  vi.advanceTimersByTime(5000);
  await expect(early).rejects.toMatchObject({ kind: 'timeout', timeoutMs: 5000 });
  await engine.greet();
  expect(await engine.next()).toMatchObject({ method: 'account/read' });
  vi.advanceTimersByTime(4000);
  await expect(late).rejects.toMatchObject({ kind: 'timeout', method: 'account/read', timeoutMs: 9000 });
  expect(engine.peer.received).toEqual([]);
});

test('an engine that is never there fails the call by the default time, and the next call tries afresh', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const { engine, codex } = setUp({ requestTimeoutMs: 1000 });
  const call = codex.models();
  await until(() => engine.peers.length === 1);
  await engine.next();
  vi.advanceTimersByTime(1000);
  await expect(call).rejects.toMatchObject({ kind: 'timeout', action: 'initialize' });
  expect(engine.peer.closed).toBe(true);
  const again = codex.connect();
  await until(() => engine.peers.length === 2);
  await engine.greet();
  await again;
});

test('a start that waits for another one on its thread has its own time, and is then never sent', async () => {
  const { engine, thread } = await withThread();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const first = thread.turn('1');
  const second = thread.turn('2', { timeoutMs: 5000 });
  const sent = await engine.next();
  vi.advanceTimersByTime(5000);
  await expect(second).rejects.toMatchObject({ kind: 'timeout', action: 'turn/start' });
  engine.send({ id: sent.id, result: { turn: { id: 't' } } });
  await first;
  const third = thread.turn('3');
  expect((await engine.answer({ turn: { id: 't3' } })).params?.input).toMatchObject([{ text: '3' }]);
  await third;
});

test.each([{ requestTimeoutMs: -1 }, { unsentLimit: -1 }])('limits that are none are refused: %j', async (config) => {
  const { engine, codex } = setUp(config);
  await expect(codex.connect()).rejects.toThrow(RangeError);
  expect(engine.peers).toEqual([]);
  const { codex: good } = setUp();
  await expect(good.models({ timeoutMs: -1 })).rejects.toThrow('timeoutMs must be a number of milliseconds');
});
