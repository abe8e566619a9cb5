import { expect, test } from 'vitest';
import { MemoryEngine, type WireMessage } from '../test-fixtures/memory-engine.ts';
import { version } from '../version.ts';
import { Codex } from './codex.ts';
import type { CodexConfig } from './config.ts';
import { TextInput } from './inputs.ts';
import type { Thread } from './thread.ts';

function setUp(config: CodexConfig = {}) {
  const engine = new MemoryEngine();
  return { engine, codex: new Codex({ ...engine.config, ...config }) };
}

async function connected(config: CodexConfig = {}) {
  const { engine, codex } = setUp(config);
  const connecting = codex.connect();
  await until(() => engine.peers.length === 1);
  await engine.greet();
  await connecting;
  return { engine, codex };
}

/** A connected client, with a thread `th`. */
async function withThread() {
  const { engine, codex } = await connected();
  const [thread] = await Promise.all([codex.threadResume('th'), engine.answer({ thread: { id: 'th' } })]);
  return { engine, codex, thread };
}

/** Lets what is due happen, until the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

const event = (method: string, turnId: string, more: object = {}) => ({ method, params: { threadId: 'th', turnId, ...more } });
const item = (text: string, turnId = 't') => event('item/completed', turnId, { item: { type: 'agentMessage', id: text, text } });
const completed = (id = 't', status = 'completed') => ({
  method: 'turn/completed',
  params: { threadId: 'th', turn: { id, items: [], status } },
});

/** Starts a turn `t` on the thread, its start answered. */
async function startTurn(engine: MemoryEngine, thread: Thread, early: object[] = []) {
  const starting = thread.turn('hi');
  const request = await engine.next();
  for (const message of early) engine.send(message);
  engine.send({ id: request.id, result: { turn: { id: 't' } } });
  return { request, handle: await starting };
}

test('nothing is started before the first need; many calls share one greeting', async () => {
  const { engine, codex } = setUp({ clientName: 'n', experimentalApi: false });
  expect(() => codex.metadata).toThrow('Codex is not initialized yet.');
  expect(engine.peers).toEqual([]);
  const calls = Promise.all([codex.connect(), codex.models(), codex.account(), codex.logout()]);
  await until(() => engine.peers.length > 0);
  expect(await engine.next()).toMatchObject({
    method: 'initialize',
    params: {
      clientInfo: { name: 'n', title: 'Codex TypeScript SDK', version },
      capabilities: { experimentalApi: false },
    },
  } satisfies WireMessage);
  const peer = engine.peer;
  expect(peer.received).toEqual([]);
  await codex.close();
  await expect(calls).rejects.toThrow('Codex process closed stdout. stderr_tail=');
  expect(engine.peers).toHaveLength(1);
});

test('the greeting: initialized without params, then the calls as Python writes them', async () => {
  const { engine, codex } = setUp();
  const calls = Promise.all([codex.models(), codex.account({ refreshToken: true }), codex.threadList(), codex.logout()]);
  await until(() => engine.peers.length > 0);
  await engine.answer({ userAgent: 'engine/1.0' });
  expect(await engine.next()).toEqual({ method: 'initialized' });
  const requests = [];
  for (let i = 0; i < 4; i += 1) requests.push(await engine.answer({}));
  expect(requests.map(({ id, ...rest }) => rest)).toEqual([
    { method: 'model/list', params: { includeHidden: false } },
    { method: 'account/read', params: { refreshToken: true } },
    { method: 'thread/list', params: {} },
    { method: 'account/logout' },
  ]);
  await calls;
  expect(codex.metadata.serverInfo).toEqual({ name: 'engine', version: '1.0' });
});

test('a failed greeting ends its connection, and the next call tries afresh', async () => {
  const { engine, codex } = setUp();
  const first = codex.connect();
  await until(() => engine.peers.length === 1);
  await Promise.all([expect(first).rejects.toThrow("server_version=''"), engine.greet('x')]);
  expect(engine.peer.closed).toBe(true);
  const second = codex.connect();
  await until(() => engine.peers.length === 2);
  await engine.greet();
  await second;
  await codex.close();
  await codex.close();
  expect(() => codex.metadata).toThrow('not initialized');
  const third = codex.connect();
  await until(() => engine.peers.length === 3);
  await engine.greet();
  await third;
});

test('a connection that died is not replaced by itself', async () => {
  const { engine, codex } = await connected();
  engine.peer.end(new Error('gone'));
  await expect(codex.models()).rejects.toThrow('gone');
  expect(engine.peers).toHaveLength(1);
});

test('threads come from their answers, and answers without one are refused', async () => {
  const { engine, codex } = await connected();
  const [thread] = await Promise.all([codex.threadFork('th'), engine.answer({ thread: { id: 'fork' } })]);
  expect(thread.id).toBe('fork');
  const broken = codex.threadStart();
  await Promise.all([
    expect(broken).rejects.toThrow('thread/start response must have the string thread.id'),
    engine.answer({ thread: null }),
  ]);
  const [, request] = await Promise.all([thread.read(), engine.answer({ thread: {} })]);
  expect(request).toMatchObject({ method: 'thread/read', params: { threadId: 'fork', includeTurns: false } });
});

test('everything may come before the answer to the start', async () => {
  const { engine, thread } = await withThread();
  const { request, handle } = await startTurn(engine, thread, [item('answer'), item('other', 'other'), completed()]);
  expect(request.params).toEqual({ threadId: 'th', input: [{ type: 'text', text: 'hi' }] });
  expect(await handle.run()).toMatchObject({ id: 't', finalResponse: 'answer', items: [{ text: 'answer' }] });
  await expect(handle.run()).rejects.toThrow('Turn subscription closed');
});

test('a stream ends with its own turn’s completion, a failed one too', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  for (const message of [item('1'), completed('other'), completed('t', 'failed'), item('late')]) engine.send(message);
  const methods = [];
  for await (const { method, known } of handle.stream()) methods.push([method, known]);
  expect(methods).toEqual([
    ['item/completed', true],
    ['turn/completed', true],
  ]);
});

test('a broken completion ends the stream as well', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  engine.send({ method: 'turn/completed', params: { turnId: 't' } });
  await expect(handle.run()).rejects.toThrow('turn completed event not received');
});

test('a stream closed before its first event leaves the handle usable, one broken off does not', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread, [item('1')]);
  await handle.stream().return();
  for await (const seen of handle.stream()) {
    expect(seen.payload).toMatchObject({ turnId: 't' });
    break;
  }
  await expect(handle.run()).rejects.toThrow('Turn subscription closed');
});

test('ending a stream frees the wait for its next event', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  const stream = handle.stream();
  const waiting = stream.next();
  await stream.return();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test('one start per thread at a time; other threads and other calls do not wait', async () => {
  const { engine, codex, thread } = await withThread();
  const [second] = await Promise.all([codex.threadResume('th2'), engine.answer({ thread: { id: 'th2' } })]);
  const turns = [thread.turn('1'), thread.turn('2'), second.turn('3')];
  const first = await engine.next();
  const other = await engine.next();
  expect([first, other].map(({ params }) => params?.threadId)).toEqual(['th', 'th2']);
  await Promise.all([thread.setName('n'), engine.answer({})]);
  engine.send({ id: other.id, result: { turn: { id: 'c' } } });
  engine.send({ id: first.id, error: { code: -32600, message: 'no' } });
  await expect(turns[0]).rejects.toMatchObject({ name: 'InvalidRequestError' });
  expect((await engine.answer({ turn: { id: 'b' } })).params).toMatchObject({ threadId: 'th' });
  expect([(await turns[1])?.id, (await turns[2])?.id]).toEqual(['b', 'c']);
});

test('an aborted start: queued, it is never sent; sent, its caller is freed and its answer released', async () => {
  const { engine, thread } = await withThread();
  const controllers = [new AbortController(), new AbortController()];
  const turns = controllers.map(({ signal }) => thread.turn('x', { signal }));
  const sent = await engine.next();
  for (const controller of controllers) controller.abort('enough');
  for (const turn of turns) await expect(turn).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
  engine.send({ id: sent.id, result: { turn: { id: 't' } } });
  const { handle, request } = await startTurn(engine, thread, [completed()]);
  expect(request.params?.input).toEqual([{ type: 'text', text: 'hi' }]);
  expect((await handle.run()).status).toBe('completed');
  expect(engine.peer.received).toEqual([]);
});

test('steer and interrupt name the turn', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  const [, steered] = await Promise.all([handle.steer([new TextInput('more')]), engine.answer({ turnId: 't' })]);
  expect(steered).toMatchObject({
    method: 'turn/steer',
    params: { threadId: 'th', expectedTurnId: 't', input: [{ type: 'text', text: 'more' }] },
  });
  const [, interrupted] = await Promise.all([handle.interrupt(), engine.answer({})]);
  expect(interrupted).toMatchObject({ method: 'turn/interrupt', params: { threadId: 'th', turnId: 't' } });
});

test('a handle attached later gets what comes then', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread, [item('1')]);
  const late = await thread.attach('t');
  engine.send(completed());
  expect(await handle.run()).toMatchObject({ finalResponse: '1' });
  expect(await late.run()).toMatchObject({ finalResponse: null, status: 'completed' });
  await expect((await thread.attach('t')).run()).rejects.toThrow('Turn is no longer streaming');
});

test('notifications of no turn are one stream, unknown ones with their raw payload', async () => {
  const { engine, codex } = await connected();
  engine.notify('warning', { message: 'w' });
  engine.notify('brand/new', { a: [1] });
  const seen: unknown[] = [];
  for await (const notification of codex.notifications()) if (seen.push(notification) === 2) break;
  expect(seen).toEqual([
    { method: 'warning', payload: { message: 'w' }, known: true },
    { method: 'brand/new', payload: { a: [1] }, known: false },
  ]);
});

test('a login waits for its own completion, which may come first, and may be asked for twice', async () => {
  const { engine, codex } = await connected();
  const starting = codex.loginChatgptDeviceCode();
  const request = await engine.next();
  expect(request.params).toEqual({ type: 'chatgptDeviceCode' });
  const outcome = { loginId: 'l', success: true };
  engine.notify('account/login/completed', { loginId: 'another', success: false });
  engine.notify('account/login/completed', outcome);
  const fields = { loginId: 'l', verificationUrl: 'v', userCode: 'u' };
  engine.send({ id: request.id, result: { type: 'chatgptDeviceCode', ...fields } });
  const handle = await starting;
  expect(handle).toMatchObject(fields);
  expect([await handle.wait(), await handle.wait()]).toEqual([outcome, outcome]);
  const wrong = codex.loginChatgpt();
  await Promise.all([
    expect(wrong).rejects.toThrow("unexpected ChatGPT login response: {'type': 'apiKey'}"),
    engine.answer({ type: 'apiKey' }),
  ]);
});
