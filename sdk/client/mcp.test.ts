import { inspect } from 'node:util';
import { expect, expectTypeOf, test, vi } from 'vitest';
import type { McpEvent } from '../index.ts';
import { connected, setUp, until, withThread } from '../test-fixtures/connected-client.ts';
import { Codex } from './codex.ts';
import { type McpServers, mcpServerSettings } from './mcp-servers.ts';

const started = { thread: { id: 'th2' } };
const startup = (name: string, status: string, more: object = {}) => ({
  method: 'mcpServer/startupStatus/updated',
  params: { threadId: 'th', name, status, error: null, failureReason: null, ...more },
});

test('servers of the client go into every thread; the thread’s own replace those of the same name', async () => {
  const mcpServers: McpServers = { docs: { url: 'http://a/mcp' }, db: { command: 'db' } };
  const { engine, codex } = await connected({ mcpServers });
  const own = { mcpServers: { db: { command: 'other' } }, config: { x: 1 } };
  for (const open of [
    () => codex.threadStart(own),
    () => codex.threadResume('th2', own),
    () => codex.threadFork('th2', own),
  ]) {
    const [request] = await Promise.all([engine.answer(started), open()]);
    expect(request.params).toMatchObject({
      config: { x: 1, mcp_servers: { docs: { url: 'http://a/mcp' }, db: { command: 'other' } } },
    });
  }
  const [bare] = await Promise.all([engine.answer(started), codex.threadStart()]);
  expect(bare.params?.config).toEqual({ mcp_servers: { docs: { url: 'http://a/mcp' }, db: { command: 'db' } } });
  await codex.close();
});

const wrong: readonly unknown[] = [0n, Symbol('x'), () => {}, [7], { text: 7 }, 'text', '', -1, Number.NaN, true, null];

test('a wrong value of any option of a server is refused with its name and the server’s, and nothing is sent', async () => {
  const { engine, codex } = await withThread();
  let refused = 0;
  for (const [option, { rule, only = 'command' }] of Object.entries(mcpServerSettings)) {
    for (const value of wrong.filter((one) => !rule.accepts(one))) {
      const mcpServers = { db: { [only]: 'x', [option]: value } } as never;
      const told = `Reading the option ${option} of the MCP server db: expected ${rule.expected}, got `;
      for (const open of [
        () => codex.threadStart({ mcpServers }),
        () => codex.threadResume('th', { mcpServers }),
        () => codex.threadFork('th', { mcpServers }),
        async () => new Codex({ mcpServers }),
      ]) {
        const error: unknown = await open().catch((one: unknown) => one);
        expect(error, `${option}: ${String(value)}`).toBeInstanceOf(TypeError);
        expect((error as Error).message).toContain(told);
      }
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(100);
  expect(engine.peer.received).toEqual([]);
  await codex.close();
});

test.each([
  [{ a: { command: 'x', restart: { max: -1 } } }, 'expected "never" or "onCrash", or an object with max, backoffMs'],
  [{ a: { command: 'x', restart: { times: 1 } } }, 'expected "never" or "onCrash", or an object with max, backoffMs'],
  [
    { a: { url: 'x', restart: 'onCrash' } },
    'the option restart of the MCP server a: expected it at a server with a command',
  ],
  [{ a: { url: 'x', env: { A: '1' } } }, 'the option env of the MCP server a: expected it at a server with a command'],
  [
    { a: { command: 'x', headers: {} } },
    'the option headers of the MCP server a: expected it at a server with a url alone',
  ],
  [{ a: { command: 'x', url: 'x' } }, 'the MCP server a: expected either a command or a url, got both'],
  [{ a: { args: [] } }, 'the MCP server a: expected either a command or a url, got neither'],
  [{ a: { command: 'x', timeout: 5 } }, 'toolTimeoutMs, got timeout'],
  [{ a: { command: 'x', toString: 5 } }, 'toolTimeoutMs, got toString'],
  [{ 'a b': { command: 'x' } }, 'expected names of letters, digits, "_" and "-", got "a b"'],
  [{ a: 'npx' }, 'the MCP server a: expected an object with a command or a url, got a string'],
  [['npx'], 'expected an object of MCP servers, each with a command or a url, got an array'],
])('servers that cannot be meant are refused: %j', (mcpServers, text) => {
  expect(() => new Codex({ mcpServers: mcpServers as never })).toThrow(text);
});

test('the rest of a server’s options reaches the engine in its words', async () => {
  const { engine, codex } = await withThread();
  const mcpServers: McpServers = {
    a: { command: 'x', enabled: false, toolApproval: 'approve', parallelToolCalls: true, restart: 'never' },
    b: { url: 'u', scopes: ['s'], oauthResource: 'r' },
  };
  const [request, status] = await Promise.all([engine.answer(started), codex.threadStart({ mcpServers })]);
  expect(status.id).toBe('th2');
  expect(request.params?.config).toEqual({
    mcp_servers: {
      a: {
        ...{ command: 'x', enabled: false, default_tools_approval_mode: 'approve' },
        supports_parallel_tool_calls: true,
      },
      b: { url: 'u', scopes: ['s'], oauth_resource: 'r' },
    },
  });
  await codex.close();
});

test('the state of servers is read page by page', async () => {
  const { engine, codex } = await withThread();
  const names: string[] = [];
  const reading = (async () => {
    for await (const { name } of codex.mcp.status({ threadId: 'th', server: 's', detail: 'full', limit: 1 }))
      names.push(name);
  })();
  const first = await engine.answer({ data: [{ name: 'a' }], nextCursor: 'c' });
  expect(first).toMatchObject({
    method: 'mcpServerStatus/list',
    params: { threadId: 'th', serverName: 's', detail: 'full', limit: 1 },
  });
  expect((await engine.answer({ data: [{ name: 'b' }], nextCursor: null })).params).toMatchObject({ cursor: 'c' });
  await reading;
  expect(names).toEqual(['a', 'b']);
  await codex.close();
});

test('reload, calls of tools and resources are requests of the protocol', async () => {
  const { engine, codex } = await withThread();
  const [reload] = await Promise.all([engine.answer({}), codex.mcp.reload()]);
  expect(reload).toMatchObject({ method: 'config/mcpServer/reload' });
  expect(reload).not.toHaveProperty('params');
  const calling = codex.mcp.callTool('s', 't', { threadId: 'th', arguments: { a: null }, meta: { m: 1 } });
  expect((await engine.answer({ content: [], isError: true })).params).toEqual({
    ...{ threadId: 'th', server: 's', tool: 't', arguments: { a: null }, _meta: { m: 1 } },
  });
  expect(await calling).toEqual({ content: [], isError: true });
  const [read] = await Promise.all([engine.answer({ contents: [] }), codex.mcp.readResource('s', 'x://y')]);
  expect(read).toMatchObject({ method: 'mcpServer/resource/read', params: { server: 's', uri: 'x://y' } });
  await expect(codex.mcp.callTool('s', 't', {} as never)).rejects.toThrow('Reading the argument threadId');
  await expect(codex.mcp.callTool('s', 't', undefined as never)).rejects.toThrow('Reading the argument threadId');
  await codex.close();
});

test('a login ends with the end of its own attempt, however early that is told', async () => {
  const { engine, codex } = await withThread();
  const starting = codex.mcp.login('docs', { threadId: 'th', scopes: ['a'], loginTimeoutMs: 1500 });
  const { id, params } = await engine.next();
  expect(params).toEqual({ name: 'docs', threadId: 'th', scopes: ['a'], timeoutSecs: 2 });
  const end = (more: object) =>
    engine.notify('mcpServer/oauthLogin/completed', { name: 'docs', success: true, ...more });
  end({ name: 'other', loginId: '2' });
  end({ loginId: '1', success: false });
  end({ loginId: '2' });
  engine.send({ id, result: { authorizationUrl: 'https://a', loginId: '2' } });
  const login = await starting;
  expect([login.server, login.authorizationUrl]).toEqual(['docs', 'https://a']);
  expect(await login.wait()).toMatchObject({ loginId: '2', success: true });
  expect(await login.wait()).toMatchObject({ loginId: '2', success: true });

  const [, unnamed] = await Promise.all([
    engine.answer({ authorizationUrl: 'u', loginId: null }),
    codex.mcp.login('docs'),
  ]);
  const aborted = unnamed.wait({ signal: AbortSignal.abort() });
  await expect(aborted).rejects.toThrow('waiting for the login at the MCP server docs');
  const waiting = unnamed.wait();
  end({ success: false, error: 'no' });
  expect(await waiting).toMatchObject({ success: false, error: 'no' });

  const [, broken] = await Promise.allSettled([engine.answer({ url: 'u' }), codex.mcp.login('docs')]);
  expect(broken).toMatchObject({ reason: { kind: 'protocol', message: expect.stringContaining('login at docs') } });
  const [, left] = await Promise.all([engine.answer({ authorizationUrl: 'u' }), codex.mcp.login('docs')]);
  const gone = left.wait();
  engine.peer.end();
  await expect(gone).rejects.toMatchObject({ name: 'TransportClosedError' });
  await codex.close();
});

async function take(events: AsyncGenerator<McpEvent, void, void>, count: number): Promise<McpEvent[]> {
  const taken: McpEvent[] = [];
  while (taken.length < count) {
    const { value, done } = await events.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

test('events tell of starts, failures without secrets, logins and progress; those of one thread alone if asked', async () => {
  const { engine, codex } = setUp({
    mcpServers: { a: { command: 'x', env: { T: 'p4ssw0rd-of-a' } }, b: { url: 'u', headers: { h: 'header-value' } } },
  });
  const all = codex.mcp.events();
  const one = codex.mcp.events({ threadId: 'other' });
  const starting = codex.threadStart();
  await until(() => engine.peers.length === 1);
  await engine.greet();
  await Promise.all([engine.answer(started), starting]);
  engine.send(startup('a', 'starting'));
  engine.send(startup('a', 'failed', { error: 'p4ssw0rd-of-a, header-value, Bearer abcdefgh12345678' }));
  engine.send(startup('b', 'failed', { error: null, failureReason: 'reauthenticationRequired' }));
  engine.send(startup('a', 'of a later engine'));
  engine.send(startup('b', 'ready', { threadId: 'other' }));
  engine.notify('mcpServer/oauthLogin/completed', { name: 'b', success: false, error: 'denied' });
  const progress = { threadId: 'th', turnId: 't', itemId: 'i', message: 'half' };
  engine.notify('item/mcpToolCall/progress', progress);
  engine.notify('item/mcpToolCall/progress', { ...progress, message: 5 });
  engine.send(startup('b', 'cancelled'));
  expect(await take(all, 7)).toEqual([
    { type: 'starting', server: 'a', threadId: 'th' },
    {
      ...{ type: 'failed', server: 'a', threadId: 'th', reauthenticate: false },
      error: '<redacted:secret>, <redacted:secret>, Bearer <redacted>',
    },
    { type: 'failed', server: 'b', threadId: 'th', error: 'The engine does not say why.', reauthenticate: true },
    { type: 'ready', server: 'b', threadId: 'other' },
    { type: 'login', server: 'b', threadId: null, success: false, error: 'denied' },
    { type: 'progress', ...progress },
    { type: 'cancelled', server: 'b', threadId: 'th' },
  ]);
  expect(await take(one, 1)).toEqual([{ type: 'ready', server: 'b', threadId: 'other' }]);
  expectTypeOf<Extract<McpEvent, { type: 'failed' }>['error']>().toEqualTypeOf<string>();
  const gone = all.next();
  engine.peer.end();
  await expect(gone).rejects.toMatchObject({ name: 'TransportClosedError' });
  await expect(codex.mcp.events().next()).rejects.toMatchObject({ name: 'TransportClosedError' });
  await codex.close();
});

test('nothing shows what a server is given', async () => {
  const { codex } = setUp({ mcpServers: { a: { command: 'x', env: { T: 'p4ssw0rd-of-a' } } } });
  for (const shown of [
    inspect(codex, { depth: 9 }),
    inspect(codex.mcp, { depth: 9, showHidden: true }),
    JSON.stringify(codex.mcp),
  ])
    expect(shown).not.toContain('p4ssw0rd');
  expect(codex.mcp).toBe(codex.mcp);
  await codex.close();
});

/** A thread with the server `lab`, which runs. */
async function supervised(restart: object | string, ready = true) {
  const { engine, codex } = await withThread();
  const events = codex.mcp.events();
  const opening = codex.threadStart({ mcpServers: { lab: { command: 'x', restart: restart as never } } });
  // Told as early as can be.
  const { id } = await engine.next();
  if (ready) engine.send(startup('lab', 'ready'));
  engine.send({ id, result: { thread: { id: 'th' } } });
  await opening;
  if (ready) await events.next();
  /** Answers the question how the servers are. */
  const say = async (runtimeStatus: string) => {
    const asked = await engine.answer({ data: [{ name: 'other' }, { name: 'lab', runtimeStatus }], nextCursor: null });
    expect(asked).toMatchObject({ method: 'mcpServerStatus/list', params: { threadId: 'th' } });
  };
  const turn = () => engine.notify('turn/started', { threadId: 'th', turn: { id: 't' } });
  const call = (status: string) =>
    engine.notify('item/completed', {
      threadId: 'th',
      turnId: 't',
      item: { type: 'mcpToolCall', server: 'lab', status },
    });
  const next = async () => (await take(events, 1))[0];
  const of = { server: 'lab', threadId: 'th' };
  return { engine, codex, say, turn, call, next, of };
}

test('a crash is told, the server is started again as often as the policy allows, and then given up with a warning', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const { engine, codex, say, turn, call, next, of } = await supervised({
    max: 2,
    backoffMs: 0,
    checkEveryMs: 600_000,
  });
  const crash = async (attempt: number) => {
    expect(await next()).toEqual({ type: 'crashed', ...of });
    expect(await next()).toEqual({ type: 'restarting', ...of, attempt, delayMs: 0 });
    expect(await engine.answer({})).toMatchObject({ method: 'config/mcpServer/reload' });
  };
  call('failed');
  await say('failed');
  await crash(1);
  engine.send(startup('lab', 'ready'));
  expect(await next()).toEqual({ type: 'ready', ...of });
  // A call that succeeds begins the count anew.
  call('completed');
  turn();
  await say('failed');
  await crash(1);
  engine.send(startup('lab', 'failed', { error: 'no' }));
  expect(await next()).toMatchObject({ type: 'failed', error: 'no' });
  expect(await next()).toEqual({ type: 'restarting', ...of, attempt: 2, delayMs: 0 });
  await engine.answer({});
  expect(warn).not.toHaveBeenCalled();
  engine.send(startup('lab', 'failed', { error: 'no' }));
  await next();
  expect(await next()).toEqual({ type: 'givenUp', ...of, attempts: 2 });
  expect(warn).toHaveBeenCalledWith(
    expect.stringContaining('stays down'),
    expect.objectContaining({ code: 'TWINPROOF_MCP' }),
  );
  turn();
  await say('failed');
  engine.send(startup('lab', 'starting'));
  expect(await next()).toEqual({ type: 'starting', ...of });
  await codex.close();
  warn.mockRestore();
});

test('with never, a crash is told once; a failed start is no crash', async () => {
  const { engine, codex, say, turn, next, of } = await supervised('never');
  turn();
  turn();
  await say('failed');
  expect(await next()).toEqual({ type: 'crashed', ...of });
  await say('failed');
  engine.send(startup('lab', 'starting'));
  expect(await next()).toEqual({ type: 'starting', ...of });
  await codex.close();

  const other = await supervised('onCrash', false);
  other.engine.send(startup('lab', 'failed', { error: 'no' }));
  other.turn();
  await other.say('failed');
  expect(await other.next()).toMatchObject({ type: 'failed' });
  other.engine.send(startup('lab', 'cancelled'));
  expect(await other.next()).toMatchObject({ type: 'cancelled' });
  await other.codex.close();
});

test('each start in a row waits twice as long; a server that is started by another reload is not started twice', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const { engine, codex, say, turn, next, of } = await supervised({ max: 9, backoffMs: 100, checkEveryMs: 600_000 });
    for (const [attempt, delayMs] of [
      [1, 100],
      [2, 200],
    ] as const) {
      turn();
      await say('failed');
      expect(await next()).toEqual({ type: 'crashed', ...of });
      expect(await next()).toEqual({ type: 'restarting', ...of, attempt, delayMs });
      await vi.advanceTimersByTimeAsync(delayMs - 1);
      expect(engine.peer.received).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      await engine.answer({});
      engine.send(startup('lab', 'ready'));
      await next();
    }
    turn();
    await say('failed');
    await next();
    await next();
    engine.send(startup('lab', 'ready'));
    await next();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(engine.peer.received).toEqual([]);
    await codex.close();
  } finally {
    vi.useRealTimers();
  }
});

test('the engine is asked from time to time, until the thread or the engine is gone', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const { engine, codex, say, next, of } = await supervised({ checkEveryMs: 1000, backoffMs: 5 });
    for (let round = 0; round < 2; round += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      await say('connected');
    }
    await vi.advanceTimersByTimeAsync(1000);
    await say('failed');
    expect(await next()).toEqual({ type: 'crashed', ...of });
    engine.notify('thread/closed', { threadId: 'th' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(engine.peer.received).toEqual([]);
    await codex.close();
    const other = await supervised('onCrash');
    await vi.advanceTimersByTimeAsync(5000);
    await other.engine.refuse(-32600, 'no such thread');
    await vi.advanceTimersByTimeAsync(50_000);
    expect(other.engine.peer.received).toEqual([]);
    await other.codex.close();
  } finally {
    vi.useRealTimers();
  }
});

test('a server that has died before this client looked is a crash; with checkEveryMs 0, only failed calls have the engine asked', async () => {
  const { engine, codex, say, turn, call, next, of } = await supervised(
    { max: 1, backoffMs: 0, checkEveryMs: 0 },
    false,
  );
  turn();
  call('completed');
  engine.notify('item/completed', { threadId: 'th', turnId: 't', item: { type: 'agentMessage', id: 'x', text: '' } });
  engine.notify('item/completed', {
    threadId: 'th',
    turnId: 't',
    item: { type: 'mcpToolCall', server: 5, status: 'failed' },
  });
  const listing = codex.models();
  expect(await engine.answer({ data: [] })).toMatchObject({ method: 'model/list' });
  await listing;
  call('failed');
  await say('failed');
  expect(await next()).toEqual({ type: 'crashed', ...of });
  expect(await next()).toMatchObject({ type: 'restarting' });
  expect(await engine.answer({})).toMatchObject({ method: 'config/mcpServer/reload' });
  await codex.close();
});

test('a failed call past the model has the engine asked too', async () => {
  const { engine, codex, say, next, of } = await supervised('never');
  const calling = codex.mcp.callTool('lab', 'echo', { threadId: 'th' });
  await engine.refuse(-32603, 'Transport closed');
  await expect(calling).rejects.toThrow('Transport closed');
  await say('failed');
  expect(await next()).toEqual({ type: 'crashed', ...of });
  await codex.close();
});
