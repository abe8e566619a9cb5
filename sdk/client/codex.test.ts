import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { connected, setUp, until } from '../test-fixtures/connected-client.ts';
import type { WireMessage } from '../test-fixtures/memory-engine.ts';
import { version } from '../version.ts';
import { Codex } from './codex.ts';

test('nothing is started before the first need; many calls share one greeting', async () => {
  // What a client would load before it starts anything is there, so that nothing comes later than this looks.
  await import('./session.ts');
  const { engine, codex } = setUp({ clientName: 'n', experimentalApi: false });
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
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
  const calls = Promise.all([
    codex.models(),
    codex.account({ refreshToken: true }),
    codex.threadList(),
    codex.logout(),
  ]);
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

test('a client keeps the options that it was made with, whatever becomes of the object', async () => {
  const { engine } = setUp();
  const config = { ...engine.config, clientName: 'first', unreadLimit: 0 };
  const codex = new Codex(config);
  config.clientName = 'later';
  const connecting = codex.connect();
  await until(() => engine.peers.length > 0);
  expect((await engine.greet('engine/1.0')).params).toMatchObject({ clientInfo: { name: 'first' } });
  await connecting;
  expect(inspect(codex)).toMatch(/connected: true, engine: \{ name: 'engine', version: '1.0' \}/);
});

test.each(['rpc', 'files', 'mcp'] as const)('%s is the same object each time', async (part) => {
  const { codex } = await connected();
  expect(codex[part]).toBe(codex[part]);
});

test('a signal that has fired refuses a call of a connected client, and nothing is sent', async () => {
  const { engine, codex } = await connected();
  const signal = AbortSignal.abort('why');
  await expect(codex.connect({ signal })).rejects.toMatchObject({ name: 'AbortError', cause: 'why' });
  await expect(codex.supports('thread/start', { signal })).rejects.toMatchObject({
    name: 'AbortError',
    action: 'asking the engine for thread/start',
  });
  expect(engine.peer.received).toEqual([]);
});
