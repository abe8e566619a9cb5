import { expect, test } from 'vitest';
import { completed, item, until, withThread } from '../test-fixtures/connected-client.ts';
import type { MemoryEngine } from '../test-fixtures/memory-engine.ts';
import { cleared, ended, goal, started, stored, withGoal } from '../test-fixtures/started-goal.ts';

const refusal = (message: string) => ({ error: { code: -32600, message } });

async function refuse(engine: MemoryEngine, message: string) {
  const request = await engine.next();
  engine.send({ id: request.id, ...refusal(message) });
  return request;
}

test('a goal is one turn to its reader: all items, the first start, the last end', async () => {
  const { engine, handle } = await withGoal({ tokenBudget: 9 });
  for (const message of [item('1', 'a'), ended('a', 101), started('b', 102), goal('complete'), item('2', 'b')]) {
    engine.send(message);
  }
  engine.send(ended('b', 104));
  const methods: string[] = [];
  const ids = new Set<unknown>();
  for await (const { method, payload } of handle.stream()) {
    methods.push(method);
    ids.add('turnId' in payload ? payload.turnId : (payload as { turn: { id: string } }).turn.id);
    if (method === 'turn/completed')
      expect(payload.turn).toMatchObject({ startedAt: 100, completedAt: 104, durationMs: 4000 });
  }
  expect(methods).toEqual(['turn/started', 'item/completed', 'item/completed', 'turn/completed']);
  expect([...ids]).toEqual(['a']);
  await expect(handle.run()).rejects.toThrow('Turn subscription closed');
});

test('the end of the goal may be told after its last turn, and in any of its words', async () => {
  for (const status of ['paused', 'blocked', 'usageLimited', 'budgetLimited', 'complete', null]) {
    const { engine, handle, thread } = await withGoal();
    const running = handle.run();
    engine.send(ended('a', 101));
    await expect(thread.turn('x')).rejects.toThrow('thread has an active goal operation: th');
    expect(engine.peer.received).toEqual([]);
    engine.send(status === null ? cleared : goal(status));
    expect(await running).toMatchObject({ id: 'a', status: 'completed', durationMs: 1000 });
    const [turn] = await Promise.all([thread.turn('x'), engine.answer({ turn: { id: 'free' } })]);
    expect(turn.id).toBe('free');
  }
});

test('a failed turn is remembered, though a later one ends well', async () => {
  const { engine, handle } = await withGoal();
  engine.send(ended('a', 101, { status: 'failed', error: { message: 'broke' } }));
  for (const message of [started('b'), ended('b', 103), goal('complete')]) engine.send(message);
  await expect(handle.run()).rejects.toMatchObject({ name: 'TurnFailedError', message: 'broke' });
});

test('a turn with a status of a later engine fails by its error, and a goal with one goes on', async () => {
  const { engine, handle } = await withGoal();
  engine.send(ended('a', 101, { status: 'expired', error: { message: 'out of time' } }));
  for (const message of [goal('resting'), started('b'), ended('b', 103, { status: 'parked' }), goal('complete')])
    engine.send(message);
  await expect(handle.run()).rejects.toMatchObject({ name: 'TurnFailedError', message: 'out of time' });
});

test('whether a thread with a status of a later engine may have a goal is for the engine to say', async () => {
  const { engine, thread } = await withThread();
  const starting = thread.startGoal('win');
  await engine.answer({ thread: { ...stored.thread, status: { type: 'dozing' } } });
  await engine.answer({ cleared: false });
  await refuse(engine, 'the thread is dozing');
  await expect(starting).rejects.toThrow('the thread is dozing');
  const malformed = thread.startGoal('win');
  await engine.answer({ thread: { ...stored.thread, status: 'idle' } });
  await expect(malformed).rejects.toThrow('thread must be idle before starting a goal: th');
});

test('an engine that says nothing of goals, at a turn that ends well and at one that does not', async () => {
  for (const [message, wanted] of [
    [ended('a', 101), 'the connected Codex runtime did not activate goal mode for this turn'],
    [ended('a', 101, { status: 'failed' }), 'turn failed with status failed'],
  ] as const) {
    const { engine, thread } = await withThread();
    const running = thread.runGoal('win');
    for (const answer of [stored, {}, {}]) await engine.answer(answer);
    engine.send(started('a'));
    engine.send(message);
    await expect(running).rejects.toThrow(wanted);
    expect(engine.peer.received).toEqual([]);
  }
});

test('what is no objective is refused before anything is sent', async () => {
  const { engine, thread } = await withThread();
  await expect(thread.startGoal(7 as never)).rejects.toThrow(TypeError);
  await expect(thread.startGoal(' \n')).rejects.toThrow('goal objective must not be empty');
  await expect(thread.startGoal('😀'.repeat(4001))).rejects.toThrow('goal objective must be at most 4000 characters');
  const longest = thread.startGoal('😀'.repeat(4000));
  expect(await refuse(engine, 'no')).toMatchObject({ method: 'thread/read' });
  await expect(longest).rejects.toThrow('no');
  expect(engine.peer.received).toEqual([]);
});

test('a goal that does not start is paused, unless the engine refused it', async () => {
  const { engine, thread } = await withThread();
  const late = thread.startGoal('win', { startTimeoutMs: 1 });
  for (const answer of [stored, {}, { goal: {} }]) await engine.answer(answer);
  const pause = await engine.answer({ goal: {} });
  expect(pause).toMatchObject({ method: 'thread/goal/set', params: { status: 'paused' } });
  await expect(late).rejects.toMatchObject({
    kind: 'timeout',
    message: 'timed out waiting for goal turn to start after 0.001 seconds',
  });
  const refused = thread.startGoal('win');
  for (const answer of [stored, {}]) await engine.answer(answer);
  await refuse(engine, 'goals feature is disabled');
  await expect(refused).rejects.toThrow('goals feature is disabled');
  expect(engine.peer.received).toEqual([]);
});

test('an abort of the start: nothing more is sent before the goal is set, a pause and an interrupt once it has started', async () => {
  for (const answered of [0, 1, 2, 3]) {
    const { engine, thread } = await withThread();
    const aborter = new AbortController();
    const starting = thread.startGoal('win', { signal: aborter.signal });
    const rest: object[] = [stored, {}, { goal: {} }];
    for (const answer of rest.splice(0, answered)) await engine.answer(answer);
    if (answered < 3) await until(() => engine.peer.received.length === 1);
    aborter.abort('enough');
    await expect(starting).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    const [sent] = rest;
    if (sent) await engine.answer(sent);
    if (answered >= 2) {
      engine.send(started('a'));
      expect(await engine.answer({})).toMatchObject({ params: { status: 'paused' } });
      expect(await engine.answer({})).toMatchObject({ method: 'turn/interrupt', params: { turnId: 'a' } });
    }
    // The thread is free again.
    const [turn] = await Promise.all([thread.turn('x'), engine.answer({ turn: { id: 'free' } })]);
    expect(turn.id).toBe('free');
  }
});

test('an abort of the reading pauses the goal and interrupts its turn, or the one that the engine names', async () => {
  const { engine, handle } = await withGoal();
  const aborter = new AbortController();
  const running = handle.run({ signal: aborter.signal });
  aborter.abort();
  expect(await refuse(engine, 'no')).toMatchObject({ method: 'thread/goal/set' });
  const first = await refuse(engine, 'expected active turn id `a` but found `b`');
  expect(first.params).toEqual({ threadId: 'th', turnId: 'a' });
  expect((await refuse(engine, 'expected active turn id `b` but found `c`')).params).toMatchObject({ turnId: 'b' });
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  expect(engine.peer.received).toEqual([]);
});

test('an interrupt: the completion waits until it is sure, and says so; a second one is refused', async () => {
  const { engine, handle } = await withGoal();
  const running = handle.run();
  const interrupting = handle.interrupt();
  const pause = await engine.next();
  for (const message of [goal('complete'), ended('a', 101)]) engine.send(message);
  engine.send({ id: pause.id, result: { goal: {} } });
  await refuse(engine, 'no active turn to interrupt');
  expect(await interrupting).toEqual({});
  expect((await running).status).toBe('interrupted');
  await expect(handle.interrupt()).rejects.toThrow('no active turn to interrupt');
});

test('an interrupt that is refused leaves the goal as it was', async () => {
  const { engine, handle } = await withGoal();
  const interrupting = handle.interrupt();
  await refuse(engine, 'no');
  await expect(interrupting).rejects.toThrow('no');
  for (const message of [goal('complete'), ended('a', 101)]) engine.send(message);
  expect((await handle.run()).status).toBe('completed');
});

test('steering waits for a turn, follows the goal into the next one, and ends with it', async () => {
  const { engine, handle } = await withGoal();
  const between = handle.steer('more');
  expect((await engine.next()).params).toMatchObject({ expectedTurnId: 'a' });
  engine.send(ended('a', 101));
  const second = handle.steer('more');
  engine.send(started('b'));
  const { id, params } = await engine.next();
  expect(params).toMatchObject({ expectedTurnId: 'b', input: [{ type: 'text', text: 'more' }] });
  engine.send({ id, ...refusal('expected active turn id `b` but found `c`') });
  expect((await engine.answer({ turnId: 'c' })).params).toMatchObject({ expectedTurnId: 'c' });
  expect(await second).toEqual({ turnId: 'a' });
  for (const message of [ended('b', 102), goal('blocked')]) engine.send(message);
  await expect(handle.steer('more')).rejects.toThrow('no active turn to steer');
  engine.peer.end();
  await expect(between).rejects.toMatchObject({ name: 'TransportClosedError' });
});

test('pause, clear, and a reader that gives up its place', async () => {
  const { engine, handle, thread } = await withGoal();
  const [, pause] = await Promise.all([handle.pause(), engine.answer({ goal: {} })]);
  expect(pause.params).toEqual({ threadId: 'th', status: 'paused' });
  const [, clear] = await Promise.all([handle.clear(), engine.answer({ cleared: true })]);
  expect(clear).toMatchObject({ method: 'thread/goal/clear', params: { threadId: 'th' } });
  for await (const { method } of handle.stream()) {
    expect(method).toBe('turn/started');
    break;
  }
  const [turn] = await Promise.all([thread.turn('x'), engine.answer({ turn: { id: 't' } })]);
  engine.send(item('heard'));
  engine.send(completed());
  expect((await turn.run()).finalResponse).toBe('heard');
});

test('the end of the connection reaches the reader after the events that came before it', async () => {
  const { engine, handle } = await withGoal();
  engine.send(item('1', 'a'));
  engine.peer.end();
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { method } of handle.stream()) seen.push(method);
  })();
  await expect(reading).rejects.toMatchObject({ name: 'TransportClosedError' });
  expect(seen).toEqual(['turn/started', 'item/completed']);
});

test('what the thread tells before its former goal is cleared is not the new goal’s', async () => {
  const { engine, thread } = await withThread();
  const starting = thread.startGoal('win');
  await engine.answer(stored);
  const clearing = await engine.next();
  for (const message of [started('old'), item('0', 'old'), ended('old', 1)]) engine.send(message);
  engine.send({ id: clearing.id, result: { cleared: true } });
  await engine.answer({ goal: {} });
  for (const message of [goal('active'), started('a', 100), item('1', 'a'), goal('complete'), ended('a', 101)]) {
    engine.send(message);
  }
  expect(await (await starting).run()).toMatchObject({ id: 'a', items: [{ id: '1' }] });
});

async function values<T>(source: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of source) list.push(value);
  return list;
}

test('text, items and a web stream of all turns, beside each other and the handle, from where it is', async () => {
  const { engine, handle } = await withGoal();
  const views = () => [values(handle.text()), values(handle.items()), new Response(handle.toReadableStream()).text()];
  const early = views();
  const stream = handle.stream();
  for (const message of [item('1', 'a'), ended('a', 101), started('b', 102)]) engine.send(message);
  expect((await stream.next()).value?.method).toBe('turn/started');
  expect((await stream.next()).value?.method).toBe('item/completed');
  const late = views();
  for (const message of [item('2', 'b'), goal('complete'), ended('b', 104)]) engine.send(message);
  const [text, items, events] = await Promise.all(early);
  expect(text).toEqual(['1', '2']);
  expect(items).toMatchObject([{ text: '1' }, { text: '2' }]);
  const methods = ['turn/started', 'item/completed', 'item/completed', 'turn/completed'];
  const lines = (body: unknown) =>
    String(body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).method as string);
  expect(lines(events)).toEqual(methods);
  const [lateText, lateItems, lateEvents] = await Promise.all(late);
  expect([lateText, (lateItems as unknown[]).length, lines(lateEvents)]).toEqual([['2'], 1, methods.slice(2)]);
  expect((await values(stream)).map(({ method }) => method)).toEqual(methods.slice(2));
});

test('leaving or aborting a view leaves the goal alone; its end is that of the goal', async () => {
  const { engine, handle } = await withGoal();
  const controller = new AbortController();
  const left = handle.text();
  const waiting = left.next();
  const aborted = handle.items({ signal: controller.signal }).next();
  await until(() => engine.peer.received.length === 0);
  await left.return();
  expect(await waiting).toEqual({ done: true, value: undefined });
  controller.abort('enough');
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
  expect(engine.peer.received).toEqual([]);
  const [text, running] = [values(handle.text()), handle.run()];
  for (const message of [ended('a', 101, { status: 'failed', error: { message: 'no' } }), goal('blocked')])
    engine.send(message);
  await expect(running).rejects.toMatchObject({ name: 'TurnFailedError' });
  await expect(text).rejects.toMatchObject({ name: 'TurnFailedError' });
  const dying = await withGoal();
  const reading = values(dying.handle.items());
  dying.engine.peer.end();
  await expect(reading).rejects.toMatchObject({ name: 'TransportClosedError' });
});
