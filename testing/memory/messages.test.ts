import { expect, test } from 'vitest';
import { JsonRpcError } from '../../sdk/index.ts';
import type { MemoryHandlers } from './handlers.ts';
import { type MemoryEngine, memoryEngine } from './memory-engine.ts';

/** A client that writes lines itself, and keeps all that the engine says. */
async function talk(handlers: MemoryHandlers = {}) {
  const engine = memoryEngine(handlers);
  const said: object[] = [];
  const transport = engine.transport();
  let isClosed = false;
  await transport.open({
    onLine: ({ text }) => void said.push(JSON.parse(text)),
    onClosed: () => {
      isClosed = true;
    },
  });
  const settled = async () => {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const send = async (message: object) => {
    transport.send(JSON.stringify(message));
    await settled();
    return said.splice(0);
  };
  return { engine, transport, said, send, settled, closed: () => isClosed };
}

const answer = async (method: string, params: object = {}, handlers: MemoryHandlers = {}) => {
  const { send, transport } = await talk(handlers);
  const said = await send({ id: 7, method, params });
  await transport.close();
  return said;
};
const started = { id: 'turn-1', items: [], status: 'inProgress', error: null };
const message = { type: 'agentMessage', id: 'turn-1-message', text: 'hi', phase: 'final_answer' };
const of = { threadId: 't', turnId: 'turn-1' };

test('a text is a whole turn: each message of it, in its order', async () => {
  expect(await answer('turn/start', { threadId: 't' }, { 'turn/start': () => 'hi' })).toEqual([
    { id: 7, result: { turn: started } },
    { method: 'turn/started', params: { threadId: 't', turn: started } },
    { method: 'item/started', params: { ...of, item: { ...message, text: '' } } },
    { method: 'item/agentMessage/delta', params: { ...of, itemId: 'turn-1-message', delta: 'hi' } },
    { method: 'item/completed', params: { ...of, item: message } },
    { method: 'turn/completed', params: { threadId: 't', turn: { ...started, status: 'completed' } } },
  ]);
});

test('turns are numbered over all threads; a request without params is a turn of no thread', async () => {
  const { send, transport } = await talk({ 'turn/start': () => '' });
  await send({ id: 1, method: 'turn/start', params: { threadId: 'a' } });
  const [reply, first] = await send({ id: 2, method: 'turn/start' });
  expect([reply, first]).toEqual([
    { id: 2, result: { turn: { ...started, id: 'turn-2' } } },
    { method: 'turn/started', params: { threadId: '', turn: { ...started, id: 'turn-2' } } },
  ]);
  await transport.close();
});

const url = 'https://memory-engine.invalid/login';
test.each<[string, object, object]>([
  [
    'initialize',
    {},
    {
      ...{ userAgent: expect.stringMatching(/^memory-engine\/\d+\.\d+\.\d+$/), codexHome: '/memory-engine' },
      ...{ platformFamily: 'memory', platformOs: 'memory' },
    },
  ],
  ['thread/start', {}, { thread: { id: 'thread-1' } }],
  ['thread/fork', { threadId: 'x' }, { thread: { id: 'thread-1' } }],
  ['thread/resume', { threadId: 'x' }, { thread: { id: 'x', turns: [] } }],
  ['thread/read', { threadId: 'x' }, { thread: { id: 'x', turns: [] } }],
  ['thread/unarchive', { threadId: 'x' }, { thread: { id: 'x', turns: [] } }],
  ['thread/list', {}, { data: [], nextCursor: null }],
  ['thread/loaded/list', {}, { data: [], nextCursor: null }],
  ['thread/turns/list', {}, { data: [], nextCursor: null }],
  ['thread/items/list', {}, { data: [], nextCursor: null }],
  ['thread/archive', {}, {}],
  ['thread/delete', {}, {}],
  ['thread/name/set', {}, {}],
  ['thread/settings/update', {}, {}],
  ['thread/compact/start', {}, {}],
  ['turn/steer', { expectedTurnId: 'x' }, { turnId: 'x' }],
  ['turn/interrupt', {}, {}],
  ['model/list', {}, { data: [], nextCursor: null }],
  ['account/read', {}, { account: null, requiresOpenaiAuth: false }],
  ['account/logout', {}, {}],
  ['account/login/cancel', {}, { status: 'canceled' }],
  ['account/login/start', { type: 'chatgpt' }, { type: 'chatgpt', loginId: 'login-1', authUrl: url }],
  [
    'account/login/start',
    { type: 'chatgptDeviceCode' },
    { type: 'chatgptDeviceCode', loginId: 'login-1', verificationUrl: url, userCode: 'AB-12' },
  ],
  ['account/login/start', { type: 'apiKey' }, { type: 'apiKey' }],
])('%s %j without a handler: the whole answer', async (method, params, result) => {
  expect(await answer(method, params)).toEqual([{ id: 7, result }]);
});

test('threads that were made are listed', async () => {
  const { send, transport } = await talk();
  for (const method of ['thread/start', 'thread/fork']) await send({ id: 1, method, params: {} });
  expect(await send({ id: 2, method: 'thread/list', params: {} })).toEqual([
    { id: 2, result: { data: ['thread-1', 'thread-2'].map((id) => ({ id, preview: '' })), nextCursor: null } },
  ]);
  expect(await send({ id: 3, method: 'thread/loaded/list', params: {} })).toEqual([
    { id: 3, result: { data: ['thread-1', 'thread-2'], nextCursor: null } },
  ]);
  await transport.close();
});

const throwing = (error: unknown) => ({
  'model/list': () => {
    throw error;
  },
});
test.each<[string, MemoryHandlers, object]>([
  [
    'with data',
    throwing(new JsonRpcError(-32000, 'busy', { a: 1 })),
    { code: -32000, message: 'busy', data: { a: 1 } },
  ],
  ['without', throwing(new JsonRpcError(-32000, 'busy')), { code: -32000, message: 'busy' }],
  ['of a bug', throwing(new TypeError('broken')), { code: -32603, message: 'broken' }],
  ['that is a text', throwing('broken'), { code: -32603, message: 'broken' }],
])('an error %s, whole', async (_, handlers, error) => {
  expect(await answer('model/list', {}, handlers)).toEqual([{ id: 7, error }]);
});

test('a method without a handler is refused whole, told once for each in finish(), and a notification is not', async () => {
  const { engine, send, transport } = await talk();
  for (const method of ['b/c', 'a/b', 'b/c'])
    expect(await send({ id: 'x', method })).toEqual([
      { id: 'x', error: { code: -32600, message: `memoryEngine has no handler for ${method}` } },
    ]);
  expect(await send({ method: 'c/d' })).toEqual([]);
  await transport.close();
  await expect(engine.finish()).rejects.toThrow('expected a handler for every request, got none for b/c, a/b.');
});

test('what a handler is given can emit, ask and call hooks, in this order of messages', async () => {
  const answers: unknown[] = [];
  const { said, send, settled, transport } = await talk({
    'model/list': async (_, { emit, ask, hook }) => {
      emit('warning', { message: 'w' });
      emit('mine');
      answers.push(await ask('currentTime/read', { threadId: 't' }), await ask('mine'));
      answers.push(await hook('stop', {}).catch(({ message }: Error) => message));
      return {};
    },
  });
  expect(await send({ id: 1, method: 'model/list', params: {} })).toEqual([
    { method: 'warning', params: { message: 'w' } },
    { method: 'mine', params: {} },
    { id: 0, method: 'currentTime/read', params: { threadId: 't' } },
  ]);
  expect(await send({ id: 0, result: { at: 1 } })).toEqual([{ id: 1, method: 'mine', params: {} }]);
  expect(await send({ id: 1, result: 2 })).toEqual([{ id: 1, result: {} }]);
  expect(answers).toEqual([{ at: 1 }, 2, expect.stringContaining('expected a client with hooks, got none')]);
  await settled();
  expect(said).toEqual([]);
  await transport.close();
});

const outcome = (promise: Promise<unknown>) =>
  promise.then(
    (value) => ({ value }),
    (error: Error) => ({
      error: error.message,
      ...(error instanceof JsonRpcError && { code: error.code, data: error.data }),
    }),
  );

test('a question ends with the answer, with the error whole, or with the connection', async () => {
  const { engine, send, transport } = await talk();
  const [one, two, three] = ['a', 'b', 'c'].map((method) => outcome(engine.ask(method)));
  await send({ id: 1, error: { code: -5, message: 'no', data: { d: 1 } } });
  await send({ id: 0, result: 'yes' });
  // Of a question that nobody asked.
  await send({ id: 9, result: 'what' });
  expect(await Promise.all([one, two])).toEqual([
    { value: 'yes' },
    { error: expect.stringContaining('no'), code: -5, data: { d: 1 } },
  ]);
  await transport.close();
  expect(await three).toEqual({ error: 'memoryEngine: the client closed before it answered' });
});

test('who waits for a message gets its params, by its number, whether it came before or comes later', async () => {
  const { engine, send, transport } = await talk();
  const later = [outcome(engine.received('a')), outcome(engine.received('a', 2)), outcome(engine.received('a', 3))];
  await send({ method: 'b', params: { no: 1 } });
  await send({ method: 'a', params: { n: 1 } });
  await send({ method: 'a' });
  expect(await Promise.all(later.slice(0, 2))).toEqual([{ value: { n: 1 } }, { value: {} }]);
  expect([await engine.received('a'), await engine.received('a', 2)]).toEqual([{ n: 1 }, {}]);
  expect(engine.sent).toEqual([{ method: 'b', params: { no: 1 } }, { method: 'a', params: { n: 1 } }, { method: 'a' }]);
  await transport.close();
  expect(await later[2]).toEqual({ error: 'memoryEngine: the client closed before it sent a' });
});

/** Each way to end an engine, and what it closes. */
const ends: readonly (readonly [string, (engine: MemoryEngine) => unknown, boolean])[] = [
  ['close', (engine) => engine.close(), true],
  [
    'close twice',
    async (engine) => {
      await engine.close();
      await engine.close();
    },
    true,
  ],
  ['finish', (engine) => engine.finish(), true],
  ['dispose', (engine) => engine[Symbol.asyncDispose](), true],
  ['die', (engine) => engine.die(), false],
];
test.each(ends)('%s: all of its clients are closed, or have lost it', async (_, end, isClosed) => {
  const engine = memoryEngine({ 'model/list': () => new Promise(() => {}) });
  const calls: Promise<unknown>[] = [];
  for (const client of [engine.codex(), engine.codex()]) {
    await client.connect();
    calls.push(outcome(client.models()));
    await engine.received('model/list', calls.length);
  }
  await end(engine);
  expect(await calls[1]).toMatchObject({ error: expect.any(String) });
  if (!isClosed) await engine.close();
  expect(await calls[0]).toMatchObject({ error: expect.any(String) });
  expect(() => engine.emit('warning', { message: 'x' })).toThrow('expected a connected client, got none');
});

test('a client that dies while its request is answered is told nothing more, and breaks nothing', async () => {
  let go: (text: string) => void = () => {};
  const { engine, send, said, settled, closed } = await talk({
    'turn/start': () => new Promise<string>((resolve) => (go = resolve)),
  });
  await send({ id: 1, method: 'turn/start', params: { threadId: 't' } });
  engine.die();
  go('late');
  await settled();
  expect(said).toEqual([]);
  expect(closed()).toBe(true);
});
