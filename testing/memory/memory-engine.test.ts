import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { InvalidRequestError, JsonRpcError, TransportClosedError } from '../../sdk/index.ts';
import { memoryEngine } from './memory-engine.ts';

test('a text plays a whole turn; threads are numbered; what was sent is there', async () => {
  const engine = memoryEngine({ 'turn/start': ({ input }) => `heard ${(input[0] as { text: string }).text}` });
  const codex = engine.codex();
  const [one, two] = [await codex.threadStart(), await codex.threadStart()];
  expect([one.id, two.id]).toEqual(['thread-1', 'thread-2']);
  const { finalResponse, status } = await two.run('hi');
  expect([finalResponse, status]).toEqual(['heard hi', 'completed']);
  expect((await two.run('again')).finalResponse).toBe('heard again');
  expect(engine.sent.map(({ method }) => method)).toEqual([
    'initialize',
    'initialized',
    'thread/start',
    'thread/start',
    'turn/start',
    'turn/start',
  ]);
  await engine.finish();
});

test('a handler drives the turn itself, asks the client, and pins the moment', async () => {
  const engine = memoryEngine({
    'turn/start': ({ threadId }, { emit }) => {
      emit('turn/started', { threadId, turn: { id: 't', items: [], status: 'inProgress' } });
      return { turn: { id: 't', items: [], status: 'inProgress' } };
    },
    'turn/interrupt': ({ threadId, turnId }, { emit }) => {
      emit('turn/completed', { threadId, turn: { id: turnId, items: [], status: 'interrupted' } });
      return {};
    },
  });
  const codex = engine.codex({ onServerRequest: ({ method }) => ({ decision: method }) as never });
  const thread = await codex.threadStart();
  const turn = await thread.turn('hi');
  const result = turn.run();
  expect(await engine.ask('item/fileChange/requestApproval', { threadId: thread.id, turnId: 't' })).toEqual({
    decision: 'item/fileChange/requestApproval',
  });
  const interrupted = engine.received('turn/interrupt');
  await turn.interrupt();
  expect(await interrupted).toEqual({ threadId: 'thread-1', turnId: 't' });
  expect((await result).status).toBe('interrupted');
  await engine.finish();
});

test('what a handler throws is the error answer', async () => {
  await using engine = memoryEngine({
    'thread/archive': () => {
      throw new JsonRpcError(-32000, 'busy', { codexErrorInfo: 'serverOverloaded' });
    },
    'model/list': () => {
      throw new TypeError('broken');
    },
  });
  const codex = engine.codex();
  await expect(codex.threadArchive('x')).rejects.toMatchObject({ code: -32000, rpcMessage: 'busy' });
  await expect(codex.models()).rejects.toMatchObject({ code: -32603, rpcMessage: 'broken' });
});

test('a method without a handler is refused, and finish tells of it', async () => {
  const engine = memoryEngine();
  await expect(engine.codex().request('command/exec', { command: ['ls'] })).rejects.toThrow(InvalidRequestError);
  await expect(engine.finish()).rejects.toThrow('expected a handler for every request, got none for command/exec');
});

test('nobody waits for ever: a dying engine fails the calls, a closing client those who wait for it', async () => {
  const engine = memoryEngine({ 'thread/list': () => new Promise(() => {}) });
  const codex = engine.codex();
  expect(() => engine.emit('warning', { message: 'x' })).toThrow('expected a connected client');
  const list = codex.threadList();
  await engine.received('thread/list');
  engine.die();
  await expect(list).rejects.toThrow(TransportClosedError);
  const other = memoryEngine();
  await other.codex({ onServerRequest: () => new Promise(() => {}) }).connect();
  const answers = Promise.allSettled([other.ask('currentTime/read', {}), other.received('turn/start')]);
  await other.close();
  expect((await answers).map((one) => one.status === 'rejected' && String(one.reason))).toEqual([
    'Error: memoryEngine: the client closed before it answered',
    'Error: memoryEngine: the client closed before it sent turn/start',
  ]);
});

test('handlers run in the context in which the engine was made, as a program of its own would', async () => {
  const tenant = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const list = () => {
    seen.push(tenant.getStore());
    return { data: [] };
  };
  const engine = tenant.run('maker', () => memoryEngine({ 'model/list': list }));
  await tenant.run('caller', () => engine.codex().models());
  await engine.finish();
  expect(seen).toEqual(['maker']);
});

test('a mistyped method is refused with the one that it means; one of a later engine is not', async () => {
  expect(() => memoryEngine({ 'turn/strat': () => 'x' } as never)).toThrow(
    'Reading the handlers of memoryEngine: expected methods of the protocol, got turn/strat (did you mean "turn/start"?).',
  );
  expect(() => memoryEngine({ 'model/list': 'x' } as never)).toThrow('expected a function, got string.');
  const later = { 'weather/forecast/tomorrow': () => ({ sun: true }) } as never;
  await using engine = memoryEngine(later);
  expect(await engine.codex().request('weather/forecast/tomorrow', {})).toEqual({ sun: true });
});

const command = (text: string) => ({ toolName: 'Bash', toolInput: { command: text } });

test('the engine calls the hooks of its client: each in turn, by the tools that they are for, with the context of the event', async () => {
  const seen: object[] = [];
  const answers: unknown[] = [];
  await using engine = memoryEngine({
    'turn/start': async ({ threadId }, { hook }) => {
      answers.push(await hook('userPromptSubmit', { threadId, prompt: 'hi' }));
      answers.push(await hook('preToolUse', { threadId, ...command('ls') }));
      answers.push(await hook('preToolUse', { threadId, ...command('rm -r x') }));
      answers.push(await hook('preToolUse', { threadId, toolName: 'apply_patch', toolInput: {} }));
      answers.push(await hook('stop', { threadId, lastAssistantMessage: 'Done.' }));
      return 'Done.';
    },
  });
  const codex = engine.codex({
    hooks: {
      preToolUse: [
        {
          tools: ['Bash'],
          handler: ({ toolInput }) => {
            return (toolInput as { command: string }).command.startsWith('rm') ? { block: 'not here' } : undefined;
          },
        },
        ({ toolName }) => ({ context: `${toolName} is watched` }),
      ],
      userPromptSubmit: (request) => {
        seen.push(request);
        return { context: 'it is Monday' };
      },
    },
  });
  expect((await (await codex.threadStart()).run('hi')).finalResponse).toBe('Done.');
  expect(answers).toEqual([
    { context: 'it is Monday' },
    { context: 'Bash is watched' },
    { block: 'not here' },
    { context: 'apply_patch is watched' },
    undefined,
  ]);
  expect(seen).toEqual([
    { threadId: 'thread-1', prompt: 'hi', cwd: process.cwd(), model: 'memory', transcriptPath: null, raw: {} },
  ]);
});

test.each([
  ['throws', () => Promise.reject(new Error('out of order, token sk-abcdefghijklmnopqrstuvwx'))],
  ['answers what is none', () => 'allow' as never],
  ['takes too long', () => new Promise<undefined>(() => {})],
])('a hook that %s gets the safe answer, and its owner hears of it', async (_how, handler) => {
  const failed: unknown[] = [];
  await using engine = memoryEngine();
  const hook = { handler, timeoutMs: 20 };
  await engine.codex({ hooks: { preToolUse: hook, stop: hook, onError: (_, event) => failed.push(event) } }).connect();
  expect(await engine.hook('preToolUse', command('ls'))).toEqual({
    block: expect.stringContaining('The hook of this'),
  });
  expect(JSON.stringify(await engine.hook('preToolUse', command('ls')))).not.toContain('sk-abc');
  expect(await engine.hook('stop', {})).toBeUndefined();
  expect(failed).toEqual(['preToolUse', 'preToolUse', 'stop']);
});

test('a hook that runs is stopped when the connection ends, and there is none to call without a client that has some', async () => {
  const engine = memoryEngine();
  await expect(engine.hook('stop', {})).rejects.toThrow('expected a client with hooks, got none');
  let reason: unknown;
  let begun = () => {};
  const running = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const codex = engine.codex({
    hooks: {
      onError: () => {},
      preToolUse: (_, { signal }) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
        });
        begun();
        return new Promise(() => {});
      },
    },
  });
  await codex.connect();
  await expect(engine.hook('preToolUs' as never, {} as never)).rejects.toThrow('expected preToolUse');
  const asked = engine.hook('preToolUse', command('ls'));
  await running;
  engine.die();
  expect(await asked).toEqual({ block: expect.any(String) });
  expect(reason).toBeInstanceOf(TransportClosedError);
  await engine.close();
});

test('logins, an answer of nothing, and errors that are no Error have their answers', async () => {
  const engine = memoryEngine({
    'thread/archive': () => undefined as never,
    'thread/delete': () => {
      throw 'a text';
    },
    'thread/name/set': () => {
      throw new JsonRpcError(-32600, 'no name', undefined);
    },
    'thread/settings/update': () => {
      throw new JsonRpcError(-32600, 'no settings', { a: 1 });
    },
  });
  const codex = engine.codex();
  expect(await codex.request('account/login/start', { type: 'chatgpt' })).toMatchObject({
    authUrl: expect.any(String),
  });
  expect(await codex.request('account/login/start', { type: 'chatgptDeviceCode' })).toMatchObject({
    userCode: 'AB-12',
  });
  expect(await codex.request('account/login/start', { type: 'apiKey', apiKey: 'k' })).toEqual({ type: 'apiKey' });
  expect(await codex.request('thread/archive', { threadId: 't' })).toEqual({});
  await expect(codex.request('thread/delete', { threadId: 't' })).rejects.toMatchObject({
    code: -32603,
    rpcMessage: 'a text',
  });
  await expect(codex.request('thread/name/set', { threadId: 't', name: '' })).rejects.toMatchObject({
    data: undefined,
  });
  await expect(codex.request('thread/settings/update', { threadId: 't' })).rejects.toMatchObject({ data: { a: 1 } });
  await engine.finish();
});
