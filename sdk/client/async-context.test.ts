import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, expect, test } from 'vitest';
import { completed, startTurn, until } from '../test-fixtures/connected-client.ts';
import { MemoryEngine } from '../test-fixtures/memory-engine.ts';
import { Codex } from './codex.ts';
import type { CodexConfig } from './config.ts';
import type { Thread } from './thread.ts';

const tenant = new AsyncLocalStorage<string>();
const clients: Codex[] = [];
afterEach(async () => {
  for (const codex of clients.splice(0)) await codex.close();
});

/** A client made for nobody, which the first tenant connects; what its handlers saw, by the id of the question. */
async function shared(config: CodexConfig = {}) {
  const engine = new MemoryEngine();
  const seen: Record<string, string | undefined> = {};
  const { transport } = engine.config;
  const codex = tenant.run(
    'maker',
    () =>
      new Codex({
        transport: () => {
          seen.transport = tenant.getStore();
          return transport?.() as never;
        },
        onServerRequest: async ({ id }) => {
          seen[`${id}`] = tenant.getStore();
          await new Promise((resolve) => setImmediate(resolve));
          seen[`${id} later`] = tenant.getStore();
          return { id } as never;
        },
        ...config,
      }),
  );
  clients.push(codex);
  const connecting = tenant.run('first', () => codex.connect());
  await until(() => engine.peers.length === 1);
  await engine.greet();
  await connecting;
  const threadOf = async (name: string, id: string) => {
    const [thread] = await Promise.all([
      tenant.run(name, () => codex.threadResume(id)),
      engine.answer({ thread: { id } }),
    ]);
    return thread;
  };
  /** Asks, and waits for the answer. */
  const ask = async (id: string, params: object) => {
    engine.send({ id, method: 'item/tool/call', params });
    expect(await engine.next()).toMatchObject({ id });
    return [seen[id], seen[`${id} later`]];
  };
  return { engine, codex, seen, threadOf, ask };
}

const turnOf = (name: string, engine: MemoryEngine, thread: Thread, id: string) =>
  tenant.run(name, async () => {
    const starting = thread.turn('hi');
    const request = await engine.next();
    engine.send({ id: request.id, result: { turn: { id } } });
    return await starting;
  });

test('a question is answered in the context of its own turn, whoever connected, whatever runs beside it', async () => {
  const { engine, seen, threadOf, ask } = await shared();
  const [one, two] = [await threadOf('A', 'th1'), await threadOf('B', 'th2')];
  await turnOf('A', engine, one, 't1');
  await turnOf('B', engine, two, 't2');
  expect(await ask('q1', { threadId: 'th1', turnId: 't1' })).toEqual(['A', 'A']);
  expect(await ask('q2', { threadId: 'th2', turnId: 't2' })).toEqual(['B', 'B']);
  expect(await ask('q3', { threadId: 'th1', turnId: null })).toEqual(['A', 'A']);
  expect(await ask('q4', { conversationId: 'th2' })).toEqual(['B', 'B']);
  expect(seen.transport).toBe('maker');
});

test('what belongs to no turn of this client is answered in the context of its making, also after the turn has ended', async () => {
  const { engine, threadOf, ask } = await shared();
  const thread = await threadOf('A', 'th');
  await turnOf('A', engine, thread, 't');
  for (const params of [{}, { threadId: 'other' }, { threadId: 'th', turnId: 'other' }])
    expect(await ask(JSON.stringify(params), params)).toEqual(['maker', 'maker']);
  engine.send(completed());
  expect(await ask('ended', { threadId: 'th', turnId: 't' })).toEqual(['maker', 'maker']);
});

test('a turn that asks before its start is answered has the context of that start; one that has ended by then leaves nothing', async () => {
  const { engine, threadOf, ask } = await shared();
  const thread = await threadOf('A', 'th');
  const starting = tenant.run('B', () => thread.turn('hi'));
  const request = await engine.next();
  expect(await ask('early', { threadId: 'th', turnId: 't' })).toEqual(['B', 'B']);
  engine.send(completed());
  engine.send({ id: request.id, result: { turn: { id: 't' } } });
  await starting;
  expect(await ask('after', { threadId: 'th' })).toEqual(['maker', 'maker']);
});

test('who joins a turn does not take its questions over', async () => {
  const { engine, threadOf, ask } = await shared();
  const thread = await threadOf('A', 'th');
  await turnOf('A', engine, thread, 't');
  await turnOf('B', engine, thread, 't');
  expect(await ask('q', { threadId: 'th', turnId: 't' })).toEqual(['A', 'A']);
});

test('questions of a goal have the context of its start, in each of its turns', async () => {
  const { engine, threadOf, ask } = await shared();
  const thread = await threadOf('A', 'th');
  const starting = tenant.run('B', () => thread.startGoal('win'));
  await engine.answer({ thread: { id: 'th', status: { type: 'idle' }, path: '/x' } });
  await engine.answer({});
  await engine.answer({});
  engine.notify('turn/started', { threadId: 'th', turn: { id: 't' } });
  await starting;
  expect(await ask('q', { threadId: 'th', turnId: 't' })).toEqual(['B', 'B']);
  expect(await ask('next', { threadId: 'th', turnId: 't2' })).toEqual(['B', 'B']);
});

test('a handler that fails is reported where it ran', async () => {
  const reports: unknown[] = [];
  const { engine, threadOf } = await shared({
    onServerRequest: () => Promise.reject(new Error('no')),
    onServerRequestError: () => void reports.push(tenant.getStore()),
  });
  const thread = await threadOf('A', 'th');
  await tenant.run('B', () => startTurn(engine, thread));
  engine.send({ id: 'q', method: 'item/tool/call', params: { threadId: 'th', turnId: 't' } });
  await engine.next();
  expect(reports).toEqual(['B']);
});

test('who reads a stream keeps his own context', async () => {
  const { engine, codex, threadOf } = await shared();
  const thread = await threadOf('A', 'th');
  const handle = await turnOf('A', engine, thread, 't');
  const read = tenant.run('reader', async () => {
    const stores = [];
    for await (const _ of handle.stream()) stores.push(tenant.getStore());
    return stores;
  });
  const told = tenant.run('other', () => codex.nextNotification().then(() => tenant.getStore()));
  engine.notify('warning', { message: 'x' });
  engine.send(completed());
  expect([await read, await told]).toEqual([['reader'], 'other']);
});
