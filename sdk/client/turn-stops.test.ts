import { getEventListeners } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { completed, item, startTurn, until, withThread } from '../test-fixtures/connected-client.ts';
import type { MemoryEngine, WireMessage } from '../test-fixtures/memory-engine.ts';
import { rounds } from '../test-fixtures/rounds.ts';

const reason = new Error('stop it');
const started = (id = 't') => ({ method: 'turn/started', params: { threadId: 'th', turn: { id, items: [] } } });
const command = (id: string, turnId = 't') => ({
  method: 'item/started',
  params: { threadId: 'th', turnId, item: { type: 'commandExecution', id } },
});
const ran = (id: string, turnId = 't') => ({
  method: 'item/completed',
  params: { threadId: 'th', turnId, item: { type: 'commandExecution', id } },
});
const interrupt = { method: 'turn/interrupt', params: { threadId: 'th', turnId: 't' } };
const inactive = 'no active turn to interrupt';

afterEach(() => void vi.useRealTimers());

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

test('an abort in any moment between the answer of the start and its handle interrupts the turn', async () => {
  const missed: number[] = [];
  for (let moment = 0; moment < 24; moment += 1) {
    const { engine, codex, thread } = await withThread();
    const abort = new AbortController();
    const call = thread.turn('hi', { signal: abort.signal }).catch(() => {});
    await engine.answer({ turn: { id: 't' } });
    for (let passed = 0; passed < moment; passed += 1) await Promise.resolve();
    abort.abort(reason);
    engine.send(started());
    await rounds();
    if (!sent(engine).some(({ method }) => method === 'turn/interrupt')) missed.push(moment);
    await codex.close();
    await call;
  }
  expect(missed).toEqual([]);
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

test('a soft abort: the call rejects at once, and the engine ends the commands that the turn has running', async () => {
  const { engine, codex, thread, abort, call } = await running('run');
  for (const event of [command('c'), command('past'), ran('past'), command('other', 'before')]) engine.send(event);
  await rounds();
  abort.abort(reason);
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  await engine.answer({});
  const next = thread.turn('next');
  engine.send(completed('t', 'interrupted'));
  const data = [...terminals, { itemId: 'past', processId: '3' }];
  expect(await engine.answer({ data })).toMatchObject({ method: 'thread/backgroundTerminals/list' });
  expect(await engine.answer({ terminated: true })).toMatchObject({
    method: 'thread/backgroundTerminals/terminate',
    params: { threadId: 'th', processId: '2' },
  });
  expect(await engine.answer({ turn: { id: 'next' } })).toMatchObject({ method: 'turn/start' });
  expect((await next).id).toBe('next');
  expect(sent(engine)).toEqual([]);
  await codex.close();
});

test('a soft abort asks for no commands where none runs, or where the turn has ended by itself', async () => {
  const { engine, codex, abort, call } = await running('run');
  engine.send(command('past'));
  engine.send(ran('past'));
  await rounds();
  abort.abort(reason);
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  await engine.answer({});
  engine.send(completed('t', 'interrupted'));
  await rounds();
  expect(sent(engine)).toEqual([]);
  await codex.close();

  const other = await running('run');
  other.engine.send(command('server'));
  await rounds();
  other.abort.abort(reason);
  await expect(other.call).rejects.toMatchObject({ name: 'AbortError' });
  await other.engine.answer({});
  other.engine.send(completed('t'));
  await rounds();
  expect(sent(other.engine)).toEqual([]);
  await other.codex.close();
});

const of = (threadId: string, turnId: string, type: string, more: object = {}) => ({
  method: 'item/completed',
  params: { threadId, turnId, item: { type, id: 'i', ...more } },
});
const spawned = (threadId: string, turnId: string, child: string) =>
  of(threadId, turnId, 'collabAgentToolCall', { receiverThreadIds: [child] });
const begun = (threadId: string, id: string) => ({ method: 'turn/started', params: { threadId, turn: { id } } });
const over = (threadId: string, id: string) => ({
  method: 'turn/completed',
  params: { threadId, turn: { id, items: [], status: 'interrupted' } },
});
const interrupted = (threadId: string, turnId: string) => ({
  method: 'turn/interrupt',
  params: { threadId, turnId },
});
/** Takes what the client has sent, as it is compared. */
const asked = (engine: MemoryEngine) =>
  sent(engine)
    .splice(0, engine.peer.received.splice(0).length)
    .map(({ method, params }) => ({ method, params }));

test('an abort stops the sub-agents of the turn too, those of sub-agents, and their commands', async () => {
  const { engine, codex, abort, call } = await running('run');
  const child = {
    method: 'item/started',
    params: { threadId: 'child', turnId: 'c', item: { type: 'commandExecution', id: 'cc' } },
  };
  const told = [
    spawned('th', 't', 'child'),
    begun('child', 'c'),
    child,
    spawned('child', 'c', 'deep'),
    begun('deep', 'd'),
  ];
  // They are stopped once, whoever is said to have started whom.
  for (const event of [...told, spawned('deep', 'd', 'th'), spawned('th', 'before', 'other'), begun('other', 'o')])
    engine.send(event);
  await rounds();
  abort.abort(reason);
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  await rounds();
  expect(asked(engine)).toEqual([interrupted('th', 't'), interrupted('child', 'c'), interrupted('deep', 'd')]);
  engine.send(over('child', 'c'));
  await rounds();
  expect(asked(engine)).toEqual([{ method: 'thread/backgroundTerminals/list', params: { threadId: 'child' } }]);
  await codex.close();
});

test('a sub-agent that begins after the abort is stopped; a turn that the program has started on its thread is not', async () => {
  const { engine, codex, abort, call } = await running('run');
  for (const child of ['late', 'own']) engine.send(spawned('th', 't', child));
  const resuming = codex.threadResume('own');
  await engine.answer({ thread: { id: 'own' } });
  const { handle } = await startTurn(engine, await resuming);
  engine.send(begun('own', handle.id));
  await rounds();
  abort.abort(reason);
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  engine.send(begun('late', 'l'));
  await rounds();
  expect(asked(engine)).toEqual([interrupted('th', 't'), interrupted('late', 'l')]);
  await codex.close();
});

test('interrupt({ hard }) ends the sub-agents, too; without hard they go on, as in Python', async () => {
  const { engine, codex, thread } = await withThread();
  const { handle } = await startTurn(engine, thread, [started(), spawned('th', 't', 'child'), begun('child', 'c')]);
  const soft = handle.interrupt();
  await engine.answer({});
  expect(await soft).toEqual({});
  await rounds();
  expect(asked(engine)).toEqual([]);
  const hard = handle.interrupt({ hard: true });
  await engine.answer({});
  expect(await engine.answer({})).toMatchObject(interrupted('child', 'c'));
  engine.send(over('child', 'c'));
  expect(await hard).toEqual({});
  await codex.close();
});

/** A start on `th` whose time is over. */
async function timedOut(hardAbort?: boolean) {
  const { engine, codex, thread } = await withThread();
  const rejected = expect(thread.turn('hi', { timeoutMs: 1, hardAbort })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  const { id } = await engine.next();
  await rejected;
  return { engine, codex, thread, id };
}

test('a start that is answered after its timeout: its turn is interrupted, before the next one starts', async () => {
  const { engine, codex, thread, id } = await timedOut();
  engine.send({ id, result: { turn: { id: 't' } } });
  engine.send(started());
  const next = thread.turn('next');
  expect(await engine.answer({})).toMatchObject(interrupt);
  await rounds();
  expect(sent(engine)).toEqual([]);
  engine.send(completed('t', 'interrupted'));
  await engine.answer({ turn: { id: 'next' } });
  expect((await next).id).toBe('next');
  await codex.close();
});

test('a late answer whose turn a second start has joined: the turn goes on', async () => {
  const { engine, codex, thread, id } = await timedOut();
  const second = thread.turn('again');
  const { id: secondId } = await engine.next();
  engine.send({ id, result: { turn: { id: 't' } } });
  engine.send(started());
  await rounds();
  expect(sent(engine)).toEqual([]);
  engine.send({ id: secondId, result: { turn: { id: 't' } } });
  expect((await second).id).toBe('t');
  await rounds();
  expect(sent(engine)).toEqual([]);
  await codex.close();
});

test.each([{ result: {} }, { result: { turn: { id: 7 } } }, { error: { code: -32600, message: 'no' } }])(
  'a late answer that names no turn is dropped: %j',
  async (answer) => {
    const { engine, codex, thread, id } = await timedOut();
    engine.send({ id, ...answer });
    await rounds();
    expect(sent(engine)).toEqual([]);
    await startTurn(engine, thread);
    await codex.close();
  },
);

test('a signal that fires while a start is pending, and then its timeout: a late answer is interrupted all the same', async () => {
  const { engine, codex, thread } = await withThread();
  const abort = new AbortController();
  const run = expect(thread.run('hi', { timeoutMs: 1, signal: abort.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
  const { id } = await engine.next();
  abort.abort(reason);
  await run;
  // The next start waits for the answer of this one, or for its timeout.
  const next = thread.turn('next');
  const { id: nextId } = await engine.next();
  engine.send({ id: nextId, result: { turn: { id: 'next' } } });
  await next;
  engine.send({ id, result: { turn: { id: 't' } } });
  engine.send(started());
  expect(await engine.answer({})).toMatchObject(interrupt);
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
