import { expect, test } from 'vitest';
import { item, withThread } from '../test-fixtures/connected-client.ts';
import type { MemoryEngine } from '../test-fixtures/memory-engine.ts';
import { cleared, ended, goal, started, stored, withGoal } from '../test-fixtures/started-goal.ts';
import type { GoalHandle } from './goal-handle.ts';

/** A second turn, and the end of the goal. */
function end(engine: MemoryEngine, last: object = ended('b', 104)): void {
  for (const message of [item('1', 'a'), ended('a', 101), started('b', 102), goal('complete'), item('2', 'b'), last])
    engine.send(message);
}
const whole = { id: 'a', status: 'completed', startedAt: 100, durationMs: 4000, items: [{ text: '1' }, { text: '2' }] };

async function readAll(handle: GoalHandle): Promise<string[]> {
  const methods: string[] = [];
  for await (const { method } of handle.stream()) methods.push(method);
  return methods;
}
const all = ['turn/started', 'item/completed', 'item/completed', 'turn/completed'];

type Started = Awaited<ReturnType<typeof withGoal>>;
const ways: Record<string, (given: Started) => unknown> = {
  'before any stream, of a running goal': ({ engine }) => queueMicrotask(() => end(engine)),
  'before any stream, of a goal that is over': ({ engine }) => end(engine),
  'after the whole stream': async ({ engine, handle }) => {
    end(engine);
    expect(await readAll(handle)).toEqual(all);
  },
  'after run()': async ({ engine, handle }) => {
    end(engine);
    expect(await handle.run()).toMatchObject(whole);
  },
  'after a result() that was aborted': async ({ engine, handle }) => {
    const aborted = handle.result({ signal: AbortSignal.abort('enough') });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
    // That ends the wait alone: nothing is asked of the engine.
    expect(engine.peer.received).toEqual([]);
    end(engine);
  },
  'whose end is told behind its last turn': ({ engine }) => {
    for (const message of [item('1', 'a'), item('2', 'a'), ended('a', 104), goal('complete')]) engine.send(message);
  },
  'that is cleared': ({ engine }) => {
    for (const message of [item('1', 'a'), item('2', 'a'), ended('a', 104), cleared]) engine.send(message);
  },
};
test.each(Object.entries(ways))('the result of a goal %s', async (_, before) => {
  const given = await withGoal();
  await before(given);
  expect(await given.handle.result()).toMatchObject(whole);
  expect(await given.handle.result()).toMatchObject(whole);
});

test('the result beside a stream, and inside its loop: every event is still read', async () => {
  const { engine, handle } = await withGoal();
  const result = handle.result();
  const methods: string[] = [];
  for await (const { method } of handle.stream()) {
    if (methods.length === 0) queueMicrotask(() => end(engine));
    methods.push(method);
    expect(await handle.result()).toMatchObject(whole);
  }
  expect(methods).toEqual(all);
  expect(await result).toMatchObject(whole);
});

test('a goal that failed, or was interrupted', async () => {
  const failed = await withGoal();
  for (const message of [item('1', 'a'), ended('a', 101, { status: 'failed', error: { message: 'broke' } })])
    failed.engine.send(message);
  for (const message of [started('b'), ended('b', 103), goal('complete')]) failed.engine.send(message);
  await expect(failed.handle.result()).rejects.toMatchObject({
    name: 'TurnFailedError',
    message: 'broke',
    result: { items: [{ text: '1' }] },
  });
  const { engine, handle } = await withGoal();
  const [result, interrupting] = [handle.result(), handle.interrupt()];
  const pause = await engine.next();
  for (const message of [goal('complete'), ended('a', 101)]) engine.send(message);
  // Whether it was an interrupt is not known before the answer.
  engine.send({ id: pause.id, result: { goal: {} } });
  await engine.answer({});
  await interrupting;
  expect((await result).status).toBe('interrupted');
});

test('a result that is out of reach says why: a loop that was left, an engine that dies or knows no goals, too many items', async () => {
  const left = await withGoal();
  const waiting = left.handle.result();
  for await (const _ of left.handle.stream()) break;
  for (const result of [waiting, left.handle.result()])
    await expect(result).rejects.toMatchObject({
      name: 'TransportClosedError',
      message: expect.stringContaining('the result of goal a is out of reach: reading its events ended early'),
    });
  const { engine, handle } = await withGoal();
  const ofDead = handle.result();
  engine.peer.end();
  const dead = { name: 'TransportClosedError', action: 'waiting for the result of turn a' };
  await expect(ofDead).rejects.toMatchObject(dead);
  await expect(handle.result()).rejects.toMatchObject(dead);

  const without = await withThread();
  const starting = without.thread.startGoal('win');
  for (const answer of [stored, {}, {}]) await without.engine.answer(answer);
  for (const message of [started('a'), ended('a', 101)]) without.engine.send(message);
  const ofNoGoal = (await starting).result();
  await expect(ofNoGoal).rejects.toMatchObject({ kind: 'unsupported', message: expect.stringContaining('goal mode') });

  const much = await withGoal({}, { unreadLimit: 1 });
  end(much.engine);
  await expect(much.handle.result()).rejects.toMatchObject({ kind: 'lagging' });
});

test('what is refused in a turn after the goal is not the goal’s', async () => {
  const { engine, codex, thread, handle } = await withGoal({}, { approvals: [() => 'decline'] });
  end(engine);
  const later = thread.turn('hi');
  await engine.answer({ turn: { id: 'later' } });
  const turn = await later;
  const asks = { threadId: 'th', turnId: 'later', itemId: 'i', command: 'ls' };
  engine.send({ id: 1, method: 'item/commandExecution/requestApproval', params: asks });
  expect(await engine.next()).toMatchObject({ result: { decision: 'decline' } });
  engine.send(ended('later', 110));
  expect((await turn.result()).denials).toHaveLength(1);
  expect((await handle.result()).denials).toEqual([]);
  await codex.close();
});
