import { afterEach, expect, test, vi } from 'vitest';
import { InternalRpcError, InvalidRequestError } from '../errors/rpc-errors.ts';
import type { JsonObject } from '../protocol/index.ts';
import { KeyedLock } from '../rpc/keyed-lock.ts';
import { SubAgents } from '../rpc/sub-agents.ts';
import { rounds } from '../test-fixtures/rounds.ts';
import type { EngineProcesses } from '../transport/engine-processes.ts';
import { TurnStops } from './turn-stops.ts';

interface Asked {
  method: string;
  params: object;
  options: object;
  answer(result?: JsonObject): void;
  refuse(error: Error): void;
}

/** Turns as `TurnStops` alone sees them: what it asks for is answered by hand. */
function stops() {
  const asked: Asked[] = [];
  const ended: ((environment: string) => boolean)[] = [];
  const [lock, agents] = [new KeyedLock(), new SubAgents()];
  const processes = { endCommands: async (isOf: (environment: string) => boolean) => void ended.push(isOf) };
  const turns = new TurnStops(
    (method, params, options) =>
      new Promise((resolve, reject) => {
        asked.push({ method, params, options, answer: (result = {}) => resolve(result), refuse: reject });
      }),
    lock,
    agents,
    processes as Partial<EngineProcesses> as EngineProcesses,
  );
  const started = (threadId: string, id: string) => turns.see('turn/started', id, { threadId, turn: { id } });
  const over = (threadId: string, id: string, status = 'interrupted') =>
    turns.see('turn/completed', id, { threadId, turn: { id, status } });
  const command = (turnId: string, id: string, method = 'item/started') =>
    turns.see(method, turnId, { item: { type: 'commandExecution', id } });
  const spawn = (child: string) =>
    agents.see('th', 't', { type: 'collabAgentToolCall', receiverThreadIds: [child] } as JsonObject);
  return { turns, asked, ended, lock, started, over, command, spawn };
}

const names = (asked: readonly Asked[]) => asked.map(({ method, params }) => ({ method, params }));
const interrupt = (threadId: string, turnId: string) => ({ method: 'turn/interrupt', params: { threadId, turnId } });
const inactive = () => new InvalidRequestError(-32600, 'no active turn to interrupt');

/** Whether a promise has settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.finally(() => {
    done = true;
  });
  await rounds();
  return done;
}

afterEach(() => void vi.useRealTimers());

test('no request for a stop outlasts ten seconds or keeps the program alive', async () => {
  const { turns, asked, started, over, command } = stops();
  started('th', 't');
  command('t', 'c');
  const stopped = turns.stop('th', 't', false);
  await rounds();
  asked[0]?.answer();
  over('th', 't');
  await rounds();
  asked[1]?.answer({ data: [{ itemId: 'c', processId: '7' }] });
  await rounds();
  asked[2]?.answer();
  await stopped;
  expect(names(asked)).toEqual([
    interrupt('th', 't'),
    { method: 'thread/backgroundTerminals/list', params: { threadId: 'th' } },
    { method: 'thread/backgroundTerminals/terminate', params: { threadId: 'th', processId: '7' } },
  ]);
  for (const { options } of asked) expect(options).toEqual({ timeoutMs: 10_000, keepsAlive: false });
});

test.each([true, false])('a stop is over when its sub-agents are stopped too (hard: %s)', async (hard) => {
  const { turns, asked, started, over, spawn } = stops();
  started('th', 't');
  spawn('child');
  started('child', 'c');
  const stopped = turns.stop('th', 't', hard);
  await rounds();
  expect(names(asked)).toEqual([interrupt('th', 't'), interrupt('child', 'c')]);
  over('th', 't');
  expect(await settled(stopped)).toBe(false);
  over('child', 'c');
  await stopped;
});

test.each([
  ['stop, hard', true, true],
  ['stop, soft', false, true],
  ['endAll', true, false],
  ['endWork', false, false],
] as const)('%s: a sub-agent that begins afterwards is stopped in the same way', async (way, hard, interrupts) => {
  const { turns, asked, ended, started, over, command, spawn } = stops();
  started('th', 't');
  const first =
    way === 'endAll'
      ? turns.endAll('th', 't')
      : way === 'endWork'
        ? turns.endWork('th', 't')
        : turns.stop('th', 't', hard);
  await rounds();
  over('th', 't');
  await first;
  spawn('late');
  started('late', 'l');
  command('l', 'server');
  await rounds();
  over('late', 'l');
  await rounds();
  const list = { method: 'thread/backgroundTerminals/list', params: { threadId: 'late' } };
  expect(names(asked)).toEqual([...(interrupts ? [interrupt('th', 't')] : []), interrupt('late', 'l'), list]);
  asked.at(-1)?.answer({ data: [] });
  await rounds();
  expect(ended).toHaveLength(hard ? 1 : 0);
});

test('of a turn that nobody has stopped, a sub-agent is left alone, and so is one that this program starts just now', async () => {
  const { turns, asked, lock, started, over, spawn } = stops();
  started('th', 't');
  for (const child of ['early', 'held']) spawn(child);
  started('early', 'e');
  await rounds();
  expect(asked).toEqual([]);
  over('early', 'e', 'completed');
  const stopped = turns.stop('th', 't', false);
  await rounds();
  over('th', 't');
  await stopped;
  const release = await lock.acquire('held');
  started('held', 'h');
  await rounds();
  release();
  expect(names(asked)).toEqual([interrupt('th', 't')]);
});

test('a sub-agent’s turn that a start of this program has joined goes on', async () => {
  const { turns, asked, started, over, spawn } = stops();
  started('th', 't');
  spawn('child');
  turns.claim('c');
  started('child', 'c');
  const stopped = turns.stop('th', 't', true);
  await rounds();
  over('th', 't');
  await stopped;
  expect(names(asked)).toEqual([interrupt('th', 't')]);
});

test('neither is one that begins late stopped if this program has joined it, nor one that is over', async () => {
  const { turns, asked, started, over, command, spawn } = stops();
  started('th', 't');
  for (const child of ['past', 'joined']) spawn(child);
  started('past', 'p');
  command('p', 'server');
  over('past', 'p');
  const stopped = turns.stop('th', 't', false);
  await rounds();
  over('th', 't');
  await stopped;
  turns.claim('j');
  started('joined', 'j');
  await rounds();
  expect(names(asked)).toEqual([interrupt('th', 't')]);
});

test('two stops at once ask once; a stop after one that failed asks again', async () => {
  const { turns, asked, started } = stops();
  started('th', 't');
  const both = [turns.stopLocked('th', 't', false), turns.stopLocked('th', 't', false)];
  await rounds();
  expect(asked).toHaveLength(1);
  asked[0]?.refuse(new InternalRpcError(-32603, 'no'));
  await Promise.all(both);
  const again = turns.stopLocked('th', 't', false);
  await rounds();
  expect(asked).toHaveLength(2);
  asked[1]?.refuse(inactive());
  await again;
});

test('an interrupt of a turn that does not start, and one that is not answered, are given up after ten seconds each', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  for (const refused of [true, false]) {
    const { turns, asked, lock } = stops();
    const stopped = turns.stop('th', 't', false);
    await rounds();
    expect(asked).toHaveLength(1);
    if (refused) asked[0]?.refuse(inactive());
    await vi.advanceTimersByTimeAsync(9_990);
    expect(await settled(stopped)).toBe(false);
    await vi.advanceTimersByTimeAsync(20);
    await stopped;
    expect(lock.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  }
});

test('a stop that is taken is over when the turn ends, and leaves no timer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const { turns, asked, started, over } = stops();
  started('th', 't');
  const stopped = turns.stop('th', 't', false);
  await rounds();
  asked[0]?.answer();
  expect(await settled(stopped)).toBe(false);
  over('th', 't');
  await stopped;
  expect(vi.getTimerCount()).toBe(0);
});

test('the thread is held until the stop is over, also by one that nobody claims', async () => {
  const { turns, asked, lock, started, over } = stops();
  started('th', 't');
  const stopped = turns.stopUnclaimed('th', 't');
  await rounds();
  expect(lock.isHeld('th')).toBe(true);
  expect(names(asked)).toEqual([interrupt('th', 't')]);
  over('th', 't');
  await stopped;
  expect(lock.size).toBe(0);
  turns.claim('u');
  started('th', 'u');
  await turns.stopUnclaimed('th', 'u');
  expect(asked).toHaveLength(1);
  expect(lock.size).toBe(0);
});

test('a hard stop ends the processes of the commands of this turn and thread, and no others', async () => {
  const { turns, ended, started, over, command } = stops();
  started('th', 't');
  command('t', 'c');
  command('t', 'c', 'item/completed');
  command('t', 'd');
  command('t', 'd', 'item/completed');
  over('th', 't', 'completed');
  await turns.endAll('th', 't');
  const [isOf] = ended;
  const environment = (...pairs: string[]) => pairs.join('\0');
  const one = 'CODEX_THREAD_ID=th';
  expect(isOf?.(environment('A=1', one, 'CODEX_TOOL_CALL_ID=c'))).toBe(true);
  expect(isOf?.(environment('CODEX_TOOL_CALL_ID=d', one, 'B=2'))).toBe(true);
  expect(isOf?.(environment(one, 'CODEX_TOOL_CALL_ID=cc'))).toBe(false);
  expect(isOf?.(environment('CODEX_THREAD_ID=th2', 'CODEX_TOOL_CALL_ID=c'))).toBe(false);
  expect(isOf?.(environment('CODEX_TOOL_CALL_ID=c'))).toBe(false);
  expect(isOf?.(environment(one))).toBe(false);
});

test('once the connection is gone, nothing is asked for, and everybody who waits goes on', async () => {
  const { turns, asked, started, command } = stops();
  started('th', 't');
  command('t', 'c');
  const stopped = turns.stop('th', 't', true);
  await rounds();
  turns.fail();
  await stopped;
  expect(names(asked)).toEqual([interrupt('th', 't')]);
  await turns.stop('th', 'other', false);
  expect(asked).toHaveLength(1);
});
