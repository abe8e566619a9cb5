import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { ApprovalMode, Codex, type CodexConfig, type McpEvent, type McpServer, Sandbox } from '../../sdk/index.ts';
import { type ModelAnswer, scriptedModel } from '../index.ts';

const { path: codexBin } = await resolveEngine();
const program = fileURLToPath(new URL('test-fixtures/mcp-server.mjs', import.meta.url));

const lab = (more: object = {}): McpServer => ({ command: process.execPath, args: [program], ...more });
const calling = (name: string, server = 'lab', args: object = {}): ModelAnswer => ({
  call: { namespace: `mcp__${server}`, name, arguments: args as Record<string, never> },
});

async function client(mcpServers: Record<string, McpServer>, answers: ModelAnswer[], config: CodexConfig = {}) {
  const model = await scriptedModel(answers, { codexBin });
  onTestFinished(() => model.close());
  const codex = new Codex({ ...model.config, ...config, env: { ...model.config.env, ...config.env } });
  onTestFinished(() => codex.close());
  const events = codex.mcp.events();
  /** Reads on until this has happened, for this server. */
  const until = async (type: McpEvent['type'], server = 'lab') => {
    for (;;) {
      const { value } = await events.next();
      if (!value || (value.type === type && 'server' in value && value.server === server)) return value as McpEvent;
    }
  };
  const thread = await codex.threadStart({
    sandbox: Sandbox.fullAccess,
    ...(config.approvals ? {} : { approvalMode: ApprovalMode.denyAll }),
    mcpServers,
  });
  const call = async (tool: string, server = 'lab') =>
    ((await codex.mcp.callTool(server, tool, { threadId: thread.id })).content[0] as { text: string }).text;
  return { model, codex, thread, until, call };
}

test('a server that crashes in a call is started again, and one that runs is left alone', async () => {
  const { thread, until, call } = await client(
    { lab: lab({ restart: { backoffMs: 0, checkEveryMs: 0 } }), other: lab() },
    [calling('crash'), { message: 'seen' }, calling('pid'), { message: 'done' }],
  );
  await until('ready');
  const before = [await call('pid'), await call('pid', 'other')];
  const { items } = await thread.run('go');
  expect(items).toContainEqual(expect.objectContaining({ type: 'mcpToolCall', tool: 'crash', status: 'failed' }));
  expect(await until('crashed')).toEqual({ type: 'crashed', server: 'lab', threadId: thread.id });
  expect(await until('restarting')).toMatchObject({ attempt: 1 });
  await until('ready');
  expect(await thread.run('again')).toMatchObject({ finalResponse: 'done' });
  const after = [await call('pid'), await call('pid', 'other')];
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
});

test('a server that is killed while nobody calls it is found by asking; with never it stays down', async () => {
  const { until, call } = await client(
    { lab: lab({ restart: { backoffMs: 0, checkEveryMs: 20 } }), left: lab({ restart: 'never' }) },
    [],
  );
  await until('ready');
  const pid = Number(await call('pid'));
  const left = Number(await call('pid', 'left'));
  process.kill(left);
  await until('crashed', 'left');
  process.kill(pid);
  await until('crashed');
  await until('ready');
  expect(Number(await call('pid'))).not.toBe(pid);
  // The engine starts all that have ended: what one server's policy does, it does to its neighbours.
  expect(Number(await call('pid', 'left'))).not.toBe(left);
});

test('a server that never stays up is given up, with a warning', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  const { until, call } = await client(
    {
      lab: { ...lab({ restart: { max: 2, backoffMs: 0, checkEveryMs: 20 } }), args: [program, '--dies'] } as McpServer,
    },
    [],
  );
  expect(await until('givenUp')).toMatchObject({ attempts: 2 });
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('the MCP server lab'), expect.anything());
  await expect(call('pid')).rejects.toThrow('lab');
});

test('a server over HTTP that comes back is reached by the next call', async () => {
  const start = async (port: string) => {
    const child = execa(process.execPath, [program, '--http', port]);
    child.catch(() => {});
    onTestFinished(() => void child.kill());
    const [line] = await once(child.stdout, 'data');
    return { child, url: String(line).trim() };
  };
  const first = await start('0');
  const { until, call } = await client({ lab: { url: first.url } }, []);
  await until('ready');
  const before = await call('pid');
  first.child.kill('SIGKILL');
  await first.child.catch(() => {});
  await expect(call('pid')).rejects.toThrow('lab');
  await start(new URL(first.url).port);
  expect(await call('pid')).not.toBe(before);
});

test('a server that cannot be started is told, with what the engine says and without its secrets', async () => {
  const { until, codex, thread } = await client(
    { lab: { command: '/no/such/program', env: { LAB_TOKEN: 'p4ssw0rd-of-the-lab' } } },
    [],
  );
  expect(await until('failed')).toMatchObject({
    error: expect.stringContaining('No such file'),
    reauthenticate: false,
  });
  const status = (await codex.mcp.status({ threadId: thread.id, server: 'lab' }).next()).value;
  expect(status).toMatchObject({ name: 'lab', runtimeStatus: 'failed' });
});

/** Servers that are programs of a line. */
const line = (program: string, more: object = {}): McpServer => ({
  command: process.execPath,
  args: ['--eval', program],
  ...more,
});
const greeted = (tools: string) =>
  `process.stdin.on('data', (data) => { for (const one of String(data).trim().split('\\n')) { const { id, method, params } = JSON.parse(one); if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: method === 'initialize' ? { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } } : ${tools} })); } });`;

test.each([
  ['hangs', line('process.stdin.resume()', { startupTimeoutMs: 300 }), 'timed out'],
  ['ends at once', line('process.exit(3)'), 'closed'],
  ['says what is no JSON', line("console.log('nonsense'); process.stdin.resume()", { startupTimeoutMs: 300 }), 'timed'],
  [
    'greets with another type',
    line(`console.log('{"jsonrpc":"2.0","id":0,"result":5}'); process.stdin.resume()`),
    'expect initialized result',
  ],
  ['lists tools of another type', line(greeted('{ tools: 5 }')), 'Unexpected response type'],
])('a server that %s at its start is told, and turns go on without it', async (_how, server, text) => {
  const { until, thread } = await client({ lab: server }, [{ message: 'done' }]);
  expect(await until('failed')).toMatchObject({ error: expect.stringContaining(text) });
  expect(await thread.run('go')).toMatchObject({ status: 'completed', finalResponse: 'done' });
});

test('a call that hangs ends with its time; one that is interrupted, with its turn', async () => {
  const { call, thread } = await client({ lab: lab({ toolTimeoutMs: 300 }), patient: lab() }, [
    calling('hang'),
    { message: 'seen' },
    calling('hang', 'patient'),
  ]);
  for (const server of ['lab', 'patient']) await call('pid', server);
  const { items, finalResponse } = await thread.run('go');
  expect(items).toContainEqual(expect.objectContaining({ type: 'mcpToolCall', tool: 'hang', status: 'failed' }));
  expect(finalResponse).toBe('seen');
  const turn = await thread.turn('again');
  for await (const { method, payload } of turn.stream())
    if (method === 'item/started' && payload.item.type === 'mcpToolCall') await turn.interrupt();
  expect(await turn.result()).toMatchObject({ status: 'interrupted' });
});

test('a secret is given by the name of its variable; resources are read', async () => {
  const token = { LAB_TOKEN: 'p4ssw0rd-of-the-lab' };
  const { until, call, codex, thread } = await client({ lab: lab({ envVars: ['LAB_TOKEN'] }) }, [], { env: token });
  await until('ready');
  expect(await call('secret')).toBe(token.LAB_TOKEN);
  const { contents } = await codex.mcp.readResource('lab', 'lab://one', { threadId: thread.id });
  expect(contents).toMatchObject([{ text: 'the text of one' }]);
});

test.each([
  ['approve', []],
  ['auto', ['write']],
  ['prompt', ['write', 'pid']],
] as const)('toolApproval %s asks for %j', async (toolApproval, expected) => {
  const answers = [calling('write', 'lab', { to: 'x' }), calling('pid'), { message: 'seen' }];
  const asked: string[] = [];
  const { until, thread } = await client({ lab: lab({ toolApproval }) }, answers, {
    approvals: (request) => {
      asked.push(request.kind === 'mcpTool' ? request.tool : request.kind);
      return 'accept';
    },
  });
  await until('ready');
  const { items } = await thread.run('go');
  expect(items.filter(({ type }) => type === 'mcpToolCall')).toMatchObject([
    { tool: 'write', status: 'completed' },
    { tool: 'pid', status: 'completed' },
  ]);
  expect(asked).toEqual(expected);
});

/** A server that asks for a login, and grants it to whoever opens the page. */
async function guarded() {
  const server = createServer((request, response: ServerResponse) => {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { pathname, searchParams } = new URL(request.url ?? '', base);
    const json = (body: object, status = 200, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (pathname.startsWith('/.well-known/oauth-protected-resource'))
        return json({ resource: `${base}/mcp`, authorization_servers: [base] });
      if (pathname.startsWith('/.well-known/'))
        return json({
          ...{ issuer: base, authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/token` },
          ...{ registration_endpoint: `${base}/register`, response_types_supported: ['code'] },
          ...{ code_challenge_methods_supported: ['S256'], token_endpoint_auth_methods_supported: ['none'] },
        });
      if (pathname === '/register') return json({ ...JSON.parse(body), client_id: 'client' }, 201);
      if (pathname === '/token') return json({ access_token: 'granted', token_type: 'Bearer', expires_in: 3600 });
      if (pathname === '/authorize') {
        const back = new URL(String(searchParams.get('redirect_uri')));
        back.searchParams.set('code', 'code');
        back.searchParams.set('state', String(searchParams.get('state')));
        return response.writeHead(302, { location: back.href }).end();
      }
      if (request.headers.authorization !== 'Bearer granted')
        return json({}, 401, {
          'www-authenticate': `Bearer resource_metadata="${base}/.well-known/oauth-protected-resource"`,
        });
      if (request.method !== 'POST') return response.writeHead(405).end();
      const { id, method, params } = JSON.parse(body);
      if (id === undefined) return response.writeHead(202).end();
      const results: Record<string, object> = {
        initialize: {
          ...{ protocolVersion: params?.protocolVersion, capabilities: { tools: {} } },
          serverInfo: { name: 'guarded', version: '1' },
        },
        'tools/list': { tools: [{ name: 'pid', inputSchema: { type: 'object' } }] },
        'tools/call': { content: [{ type: 'text', text: 'let in' }] },
      };
      return json({ jsonrpc: '2.0', id, result: results[method] ?? {} });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

test('a login gives the page to open and how it ended; the engine then starts the server', async () => {
  const url = await guarded();
  const configOverrides = ['mcp_oauth_credentials_store="file"'];
  const { until, call, codex, thread } = await client({ lab: { url } }, [], {
    configOverrides,
  });
  expect(await until('failed')).toMatchObject({ error: expect.stringContaining('not logged in') });
  await expect(codex.mcp.login('nobody', { threadId: thread.id })).rejects.toThrow('nobody');
  const login = await codex.mcp.login('lab', { threadId: thread.id });
  expect((await fetch(login.authorizationUrl)).ok).toBe(true);
  expect(await login.wait()).toMatchObject({ success: true, name: 'lab' });
  expect(await until('login')).toMatchObject({ success: true, error: null });
  await until('ready');
  expect(await call('pid')).toBe('let in');
  const late = await codex.mcp.login('lab', { threadId: thread.id, loginTimeoutMs: 1000 });
  expect(await late.wait()).toMatchObject({ success: false });
  expect(await until('login')).toMatchObject({ success: false, error: expect.stringContaining('timed out') });
});

test('the engine asks a server for its progress and passes none on: a change here is one for the page of MCP servers', async () => {
  const { codex, thread } = await client({ lab: lab() }, [calling('slow'), { message: 'done' }]);
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { method } of codex.events()) seen.push(method);
  })();
  const told: string[] = [];
  const listening = (async () => {
    for await (const { type } of codex.mcp.events()) told.push(type);
  })();
  const { items } = await thread.run('go');
  const call = items.find(({ type }) => type === 'mcpToolCall');
  expect(JSON.stringify(call)).toContain('progress was told');
  await codex.close();
  await Promise.allSettled([reading, listening]);
  expect(seen).toContain('item/completed');
  expect(seen).not.toContain('item/mcpToolCall/progress');
  expect(told).not.toContain('progress');
});
