import { getEventListeners } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { completed, item, startTurn, until, withThread } from '../test-fixtures/connected-client.ts';
import type { MemoryEngine, WireMessage } from '../test-fixtures/memory-engine.ts';

const reason = new Error('stop it');
const started = (id = 't') => ({ method: 'turn/started', params: { threadId: 'th', turn: { id, items: [] } } });
const command = (id: string, turnId = 't') => ({
  method: 'item/started',
  params: { threadId: 'th', turnId, item: { type: 'commandExecution', id } },
});
const interrupt = { method: 'turn/interrupt', params: { threadId: 'th', turnId: 't' } };
const inactive = 'no active turn to interrupt';

afterEach(() => void vi.useRealTimers());

/** Lets what is due happen. */
async function rounds(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
const sent = ({ peer }: MemoryEngine): WireMessage[] => peer.received.map((line) => JSON.parse(line));

/** A turn `t` that `work` has started, with a signal that stops it; its start is answered. */
async function running(work: 'run' | 'turn' | 'streamText' | 'review', hardAbort = false) {
  const { engine, codex, thread } = await withThread();
  const abort = new AbortController();
  const options = { signal: abort.signal, hardAbort };
  const calls = {
    run: () => thread.run('hi', options),
    turn: () => thread.turn('hi', options),
    streamText: () => thread.streamText('hi', options).next(),
    review: () => thread.review({ type: 'uncommittedChanges' }, options),
  };
  const call: Promise<unknown> = calls[work]();
  await engine.answer({ turn: { id: 't' } });
  engine.send(started());
  await rounds();
  return { engine, codex, thread, abort, call };
}

test('before the start is sent, nothing is sent', async () => {
  const { engine, codex, thread } = await withThread();
  const signal = AbortSignal.abort(reason);
  await expect(thread.run('hi', { signal })).rejects.toMatchObject({ name: 'AbortError', cause: reason });
  await expect(thread.turn('hi', { signal })).rejects.toMatchObject({ name: 'AbortError', cause: reason });
  expect(sent(engine)).toEqual([]);
  await codex.close();
});

test.each(['run', 'streamText'] as const)(
  '%s: an abort interrupts the turn and frees the caller at once',
  async (work) => {
    const { engine, codex, abort, call } = await running(work);
    abort.abort(reason);
    await expect(call).rejects.toMatchObject({ name: 'AbortError', cause: reason });
    expect(await engine.answer({})).toMatchObject(interrupt);
    await codex.close();
  },
);

test.each(['turn', 'review'] as const)(
  '%s: an abort interrupts; the events go on to the end, which is no error',
  async (work) => {
    const { engine, codex, abort, call } = await running(work);
    const handle = (await call) as Awaited<ReturnType<typeof startTurn>>['handle'];
    const result = handle.result();
    abort.abort(reason);
    expect(await engine.answer({})).toMatchObject(interrupt);
    engine.send(item('so far'));
    engine.send(completed('t', 'interrupted'));
    expect(await result).toMatchObject({ status: 'interrupted', items: [{ text: 'so far' }] });
    await codex.close();
  },
);

test('a start that is answered after the abort: its turn is interrupted, and again when the engine knows it', async () => {
  const { engine, codex, thread } = await withThread();
  const abort = new AbortController();
  const run = thread.run('hi', { signal: abort.signal });
  const { id } = await engine.next();
  abort.abort(reason);
  await expect(run).rejects.toMatchObject({ name: 'AbortError', cause: reason });
  const next = thread.turn('next');
  engine.send({ id, result: { turn: { id: 't' } } });
  await engine.refuse(-32600, inactive);
  await rounds();
  expect(sent(engine)).toEqual([]);
  engine.send(started());
  expect(await engine.answer({})).toMatchObject(interrupt);
  await rounds();
  // The engine would join the next one to the one that has not ended yet.
  expect(sent(engine)).toEqual([]);
  engine.send(completed('t', 'interrupted'));
  expect(await engine.answer({ turn: { id: 'next' } })).toMatchObject({ method: 'turn/start' });
  expect((await next).id).toBe('next');
  await codex.close();
});

test('the next turn waits for the end of one that was stopped in mid-turn too', async () => {
  const { engine, codex, thread, abort, call } = await running('run');
  abort.abort(reason);
  await expect(call).rejects.toThrow('aborted');
  const next = thread.turn('next');
  await engine.answer({});
  await rounds();
  expect(sent(engine)).toEqual([]);
  engine.send(completed('t', 'interrupted'));
  await engine.answer({ turn: { id: 'next' } });
  expect((await next).id).toBe('next');
  await codex.close();
});

test.each(['stream', 'run', 'result'] as const)(
  'a signal of the handle’s own %s() ends that wait alone',
  async (method) => {
    const { engine, codex, thread } = await withThread();
    const { handle } = await startTurn(engine, thread);
    const abort = new AbortController();
    const { signal } = abort;
    const wait = method === 'stream' ? handle.stream({ signal }).next() : handle[method]({ signal });
    abort.abort(reason);
    await expect(wait).rejects.toMatchObject({ name: 'AbortError' });
    await rounds();
    expect(sent(engine)).toEqual([]);
    await codex.close();
  },
);

test('to leave a stream of text early is no abort: the turn goes on', async () => {
  const { engine, codex, thread } = await withThread();
  const abort = new AbortController();
  const text = thread.streamText('hi', { signal: abort.signal });
  const first = text.next();
  await engine.answer({ turn: { id: 't' } });
  engine.send({ method: 'item/agentMessage/delta', params: { threadId: 'th', turnId: 't', itemId: 'i', delta: 'x' } });
  expect(await first).toMatchObject({ value: { delta: 'x' } });
  await text.return(undefined as never);
  await rounds();
  expect(sent(engine)).toEqual([]);
  await codex.close();
});

test('a turn that has ended is not interrupted, and its signal is let go', async () => {
  const { engine, codex, abort, call } = await running('run');
  expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
  engine.send(completed());
  await call;
  await rounds();
  expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  abort.abort(reason);
  await rounds();
  expect(sent(engine)).toEqual([]);
  await codex.close();
});

test('the end may come before the answer', async () => {
  const { engine, codex, thread } = await withThread();
  const abort = new AbortController();
  await startTurn(engine, { turn: (input: string) => thread.turn(input, { signal: abort.signal }) } as never, [
    started(),
    completed(),
  ]);
  abort.abort(reason);
  await rounds();
  expect(sent(engine)).toEqual([]);
  expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  await codex.close();
});

test('one signal stops many turns, each once', async () => {
  const { engine, codex, thread } = await withThread();
  const abort = new AbortController();
  for (const id of ['a', 'b', 'b']) {
    const turn = thread.turn('hi', { signal: abort.signal });
    await engine.answer({ turn: { id } });
    await turn;
  }
  for (const id of ['a', 'b']) engine.send(started(id));
  await rounds();
  abort.abort(reason);
  await rounds();
  expect(sent(engine).map(({ params }) => params?.turnId)).toEqual(['a', 'b']);
  await codex.close();
});

test('an engine that leaves the interrupt unanswered holds the thread for ten seconds at most', async () => {
  const { engine, codex, thread, abort, call } = await running('run');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  abort.abort(reason);
  await expect(call).rejects.toThrow('aborted');
  const next = thread.turn('next');
  await engine.next();
  await rounds();
  expect(sent(engine)).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_001);
  await until(() => engine.peer.received.length > 0);
  await engine.answer({ turn: { id: 'next' } });
  expect((await next).id).toBe('next');
  await codex.close();
});

test.each([false, true])('an engine that dies meanwhile ends it (hard: %s)', async (hard) => {
  const { engine, codex, thread, abort, call } = await running('run', hard);
  engine.send(command('c'));
  await rounds();
  abort.abort(reason);
  const rejected = expect(call).rejects.toMatchObject({ name: 'AbortError', cause: reason });
  const next = expect(thread.turn('next')).rejects.toMatchObject({ name: 'TransportClosedError' });
  await engine.next();
  engine.peer.end();
  await rejected;
  await next;
  await codex.close();
});

const terminals = [
  { itemId: 'other', processId: '1' },
  { itemId: 'c', processId: '2' },
];

test('a hard abort: the commands of this turn are ended before the call rejects, and no others', async () => {
  const { engine, codex, abort, call } = await running('run', true);
  engine.send(command('c'));
  engine.send(command('other', 'before'));
  await rounds();
  let settled = false;
  const rejected = expect(call.finally(() => (settled = true))).rejects.toMatchObject({ name: 'AbortError' });
  abort.abort(reason);
  await engine.answer({});
  engine.send(completed('t', 'interrupted'));
  const thread = { threadId: 'th' };
  const list = await engine.next();
  expect(list).toMatchObject({ method: 'thread/backgroundTerminals/list', params: thread });
  engine.send({ id: list.id, result: { data: terminals } });
  const end = await engine.next();
  expect(end).toMatchObject({ method: 'thread/backgroundTerminals/terminate', params: { ...thread, processId: '2' } });
  await rounds();
  expect(settled).toBe(false);
  engine.send({ id: end.id, result: { terminated: true } });
  await rejected;
  expect(sent(engine)).toEqual([]);
  await codex.close();
});

test('interrupt({ hard }): also of a turn that is over, where the engine would leave the interrupt unanswered', async () => {
  const { engine, codex, thread } = await withThread();
  const { handle } = await startTurn(engine, thread, [started(), command('c')]);
  const soft = handle.interrupt();
  await engine.answer({});
  engine.send(completed('t', 'interrupted'));
  expect(await soft).toEqual({});
  const hard = handle.interrupt({ hard: true });
  expect(await engine.answer({ data: terminals })).toMatchObject({ method: 'thread/backgroundTerminals/list' });
  await engine.answer({ terminated: true });
  expect(await hard).toEqual({});
  await codex.close();
});

test('interrupt({ hard }) of a turn without commands asks for none; an engine that knows no terminals is no error', async () => {
  const { engine, codex, thread } = await withThread();
  const { handle } = await startTurn(engine, thread, [started()]);
  const none = handle.interrupt({ hard: true });
  await engine.answer({});
  expect(await none).toEqual({});
  engine.send(command('c'));
  const refused = handle.interrupt({ hard: true });
  await engine.refuse(-32600, inactive);
  await engine.refuse(-32600, 'unknown variant');
  expect(await refused).toEqual({});
  await codex.close();
});
