import { afterEach, expect, test, vi } from 'vitest';
import { hunksOf } from '../../sdk/acp/diffs.ts';
import { commandLine, outputContent, toolCallOf } from '../../sdk/acp/tool-calls.ts';
import { serveAcp } from '../../sdk/acp.ts';
import { memoryEngine } from '../index.ts';
import { acpClient, choose, streamPair } from './acp-client.ts';
import { connected, latch } from './test-fixtures/acp-agent.ts';

afterEach(() => vi.unstubAllEnvs());

test('what the client gives goes to the engine: texts, images, files, MCP servers', async () => {
  const { engine, agent, prompt } = await connected();
  const { sessionId } = await agent.request('session/new', {
    cwd: '/w',
    mcpServers: [
      { name: 'my db', command: 'db-mcp', args: ['x'], env: [{ name: 'A', value: '1' }] },
      { type: 'http', name: 'docs', url: 'http://127.0.0.1:1/mcp', headers: [{ name: 'h', value: 'v' }] },
      { type: 'sse', name: 'old', url: 'http://127.0.0.1:2/sse', headers: [] },
    ],
  });
  const { config, ...started } = await engine.received('thread/start');
  expect(started).toMatchObject({
    cwd: '/w',
    sandbox: 'workspace-write',
    approvalPolicy: 'on-request',
    approvalsReviewer: 'user',
  });
  expect((config as { mcp_servers: object }).mcp_servers).toEqual({
    my_db: { command: 'db-mcp', args: ['x'], env: { A: '1' } },
    docs: { url: 'http://127.0.0.1:1/mcp', http_headers: { h: 'v' } },
  });
  await prompt(
    sessionId,
    { type: 'text', text: 'look' },
    { type: 'image', data: 'cG5n', mimeType: 'image/png' },
    { type: 'resource_link', name: 'a b.ts', uri: 'file:///w/a%20b.ts' },
    { type: 'resource', resource: { uri: 'file:///w/n.txt', text: 'notes' } },
    { type: 'resource', resource: { uri: 'x:y', blob: 'cG5n', mimeType: 'image/png' } },
    { type: 'resource', resource: { uri: 'not an address', blob: 'AAAA' } },
  );
  const { input } = await engine.received('turn/start');
  expect(input).toMatchObject([
    { type: 'text', text: 'look' },
    { type: 'image', url: 'data:image/png;base64,cG5n' },
    { type: 'text', text: '[@a b.ts](/w/a b.ts)' },
    { type: 'text', text: '<context ref="/w/n.txt">\nnotes\n</context>' },
    { type: 'image', url: 'data:image/png;base64,cG5n' },
    { type: 'text', text: '[@not an address](not an address)' },
  ]);
});

const question = {
  command: {
    itemId: 'c',
    command: "/bin/bash -lc 'git status'",
    cwd: '/w',
    proposedExecpolicyAmendment: ['git', 'status'],
  },
  permissions: { itemId: 'p', permissions: { network: { enabled: true } } },
};

test.each([
  ['item/commandExecution/requestApproval', question.command, 'allow_once', 0, { decision: 'accept' }],
  ['item/commandExecution/requestApproval', question.command, 'allow_always', 0, { decision: 'acceptForSession' }],
  [
    'item/commandExecution/requestApproval',
    question.command,
    'allow_always',
    1,
    { decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['git', 'status'] } } },
  ],
  ['item/commandExecution/requestApproval', question.command, 'reject_once', 0, { decision: 'decline' }],
  ['item/commandExecution/requestApproval', question.command, 'reject_once', 1, { decision: 'cancel' }],
  ['item/commandExecution/requestApproval', question.command, 'not offered', 0, { decision: 'cancel' }],
  ['item/fileChange/requestApproval', { itemId: 'f' }, 'allow_once', 0, { decision: 'accept' }],
  [
    'item/permissions/requestApproval',
    question.permissions,
    'allow_once',
    0,
    { permissions: question.permissions.permissions, scope: 'turn' },
  ],
  ['item/permissions/requestApproval', question.permissions, 'not offered', 0, { permissions: {}, scope: 'turn' }],
])('%s %o answered with %s %i', async (method, params, kind, at, expected) => {
  const answers: unknown[] = [];
  const { client, start, prompt } = await connected(
    async ({ ask, end }) => {
      answers.push(await ask(method, params));
      end();
    },
    { answer: choose(kind, at) },
  );
  await prompt(await start());
  expect(answers).toEqual([expected]);
  expect(client.asked[0]?.toolCall).toMatchObject({ toolCallId: params.itemId, status: 'pending' });
});

test.each<[string, unknown]>([
  ['an empty option', { outcome: { outcome: 'selected', optionId: '' } }],
  ['a blank option', { outcome: { outcome: 'selected', optionId: ' ' } }],
  ['the number of an option', { outcome: { outcome: 'selected', optionId: 0 } }],
  ['an option written otherwise', { outcome: { outcome: 'selected', optionId: '00' } }],
  ['an option beyond the last', { outcome: { outcome: 'selected', optionId: '99' } }],
  ['no option', { outcome: { outcome: 'selected' } }],
  ['an outcome that is none', { outcome: 'selected' }],
  ['nothing', {}],
  ['null', null],
])('a client that answers with %s has allowed nothing', async (_what, answer) => {
  const answers: unknown[] = [];
  const { start, prompt } = await connected(
    async ({ ask, end }) => {
      answers.push(await ask('item/commandExecution/requestApproval', question.command));
      end();
    },
    { answer: () => answer as never },
  );
  await prompt(await start());
  expect(answers).toEqual([{ decision: expect.stringMatching(/^(?:cancel|decline)$/) }]);
});

test('a client that fails to answer has declined', async () => {
  const answers: unknown[] = [];
  const { start, prompt } = await connected(
    async ({ ask, end }) => {
      answers.push(await ask('item/commandExecution/requestApproval', question.command));
      end();
    },
    {
      answer: () => {
        throw new Error('the editor is confused');
      },
    },
  );
  await prompt(await start());
  expect(answers).toEqual([{ decision: 'decline' }]);
});

test('a question that the engine takes back is taken back from the client, and the prompt goes on', async () => {
  const asked = latch<AbortSignal>();
  const takenBack = latch();
  const { client, start, prompt } = await connected(
    async ({ ask, say, end }) => {
      void ask('item/commandExecution/requestApproval', question.command).catch(() => {});
      const signal = await asked.reached;
      expect(signal.aborted).toBe(false);
      say('serverRequest/resolved' as never, { requestId: 0 } as never);
      // The turn goes on only once the client has been told.
      await takenBack.reached;
      end();
    },
    {
      answer: (_, signal) => {
        signal.addEventListener('abort', () => takenBack.open());
        asked.open(signal);
        return new Promise(() => {});
      },
    },
  );
  expect(await prompt(await start())).toEqual({ stopReason: 'end_turn' });
  expect(client.asked).toHaveLength(1);
});

test('a question that the engine takes back before the client has been asked is not asked', async () => {
  const { client, start, prompt } = await connected(
    ({ ask, say, end }) => {
      void ask('item/commandExecution/requestApproval', question.command).catch(() => {});
      say('serverRequest/resolved' as never, { requestId: 0 } as never);
      end();
    },
    { answer: choose('allow_once') },
  );
  expect(await prompt(await start())).toEqual({ stopReason: 'end_turn' });
  expect(client.asked).toEqual([]);
});

test("what a sub-agent wants to do is asked in the session that it works for, and in no other; another thread's is declined", async () => {
  const answers: unknown[] = [];
  const { client, start, prompt } = await connected(
    async ({ say, ask, end }) => {
      const item = { type: 'collabAgentToolCall', id: 's', receiverThreadIds: ['child'] };
      say('item/completed', { item } as never);
      const ofChild = { ...question.command, turnId: 'c' };
      for (const threadId of ['child', 'stranger'])
        answers.push(await ask('item/commandExecution/requestApproval', { ...ofChild, threadId }));
      end();
    },
    { answer: choose('allow_once') },
  );
  await start();
  const sessionId = await start();
  expect(await prompt(sessionId)).toEqual({ stopReason: 'end_turn' });
  expect(answers).toEqual([{ decision: 'accept' }, { decision: 'decline' }]);
  expect(client.asked).toMatchObject([
    { sessionId, toolCall: { toolCallId: 'c', title: 'git status', status: 'pending' } },
  ]);
});

test('an engine that dies in a prompt is an error with its kind; the next prompt goes on in another engine', async () => {
  const { engine, start, prompt } = await connected(({ end }) => {
    if (engine.sent.filter(({ method }) => method === 'turn/start').length === 1) engine.die();
    else end();
  });
  const sessionId = await start();
  await expect(prompt(sessionId)).rejects.toMatchObject({ code: -32603, data: { kind: 'transport-closed' } });
  expect(await prompt(sessionId)).toEqual({ stopReason: 'end_turn' });
  expect(await engine.received('thread/resume')).toMatchObject({
    threadId: sessionId,
    cwd: '/w',
    sandbox: 'workspace-write',
  });
});

test.each([
  [{ message: 'too long', codexErrorInfo: 'contextWindowExceeded' }, { stopReason: 'max_tokens' }],
  [{ message: 'no key', codexErrorInfo: 'unauthorized' }, { code: -32000 }],
  [
    { message: 'a word of a later engine', codexErrorInfo: 'somethingNew' },
    { code: -32603, data: { kind: 'turn-failed' } },
  ],
])('a turn that fails with %o', async (error, expected) => {
  const { start, prompt } = await connected(({ end }) => end('failed', error));
  const outcome = await prompt(await start()).catch((one: unknown) => one);
  expect(outcome).toMatchObject(expected);
});

test.each([true, false])(
  'a client that leaves in the middle of a prompt: the turn ends, and so does the agent (a client of the engine of its own: %s)',
  async (ownClient) => {
    const { engine, start, prompt, leave, served } = await connected(() => {}, { ownClient });
    void prompt(await start()).catch(() => {});
    await engine.received('turn/start');
    await leave();
    await served;
    // An engine of the agent's own is ended.
    if (ownClient) expect(await engine.received('turn/interrupt')).toMatchObject({ turnId: 'turn-1' });
    expect(engine.sent.some(({ method }) => method === 'turn/interrupt')).toBe(ownClient);
  },
);

test('one prompt at a time; a session that nobody knows is an error; one that is closed is forgotten', async () => {
  const { agent, engine, start, prompt } = await connected(() => {});
  const sessionId = await start();
  const first = prompt(sessionId);
  await engine.received('turn/start');
  await expect(prompt(sessionId)).rejects.toThrow('a prompt of this session runs; cancel it first');
  await agent.request('session/close', { sessionId });
  expect(await first).toEqual({ stopReason: 'cancelled' });
  await expect(prompt(sessionId)).rejects.toMatchObject({ code: -32002 });
  await agent.notify('session/cancel', { sessionId: 'nobody' });
});

test('a session is forgotten when its deletion begins, and stays forgotten if the engine refuses that', async () => {
  let begun = () => {};
  const asked = new Promise<void>((resolve) => {
    begun = resolve;
  });
  let refuse = (_: Error) => {};
  const { agent, start, prompt } = await connected(undefined, {
    handlers: {
      'thread/delete': () => {
        begun();
        return new Promise((_, reject) => {
          refuse = reject;
        });
      },
    },
  });
  const sessionId = await start();
  const deleting = agent.request('session/delete', { sessionId });
  await asked;
  await expect(prompt(sessionId)).rejects.toMatchObject({ code: -32002 });
  refuse(new Error('it is in use'));
  await expect(deleting).rejects.toThrow('it is in use');
  await expect(prompt(sessionId)).rejects.toMatchObject({ code: -32002 });
});

const effort = (reasoningEffort: string) => ({ reasoningEffort, description: `thinks ${reasoningEffort}` });
const model = (name: string, isDefault = false) => ({
  ...{ id: name, model: name, displayName: name.toUpperCase(), description: `the model ${name}`, isDefault },
  ...{ supportedReasoningEfforts: [effort('low'), effort('high')], defaultReasoningEffort: 'low' },
});
const values = (options: readonly { id: string; currentValue?: unknown }[] | null | undefined) =>
  options?.map(({ id, currentValue }) => [id, currentValue]);

test('sessions are listed by their folder, page by page, with the moment of their last change', async () => {
  const thread = (id: string, more: object) => ({ id, cwd: '/w', preview: 'what was asked', updatedAt: 90, ...more });
  const { agent, engine } = await connected(undefined, {
    handlers: {
      'thread/list': ({ cursor }) =>
        ({
          data: cursor
            ? [thread('old', { updatedAt: 0 })]
            : [thread('a', { name: 'mine' }), thread('b', { name: null })],
          nextCursor: cursor ? null : 'more',
        }) as never,
    },
  });
  const first = await agent.request('session/list', { cwd: '/w' });
  expect(first).toEqual({
    sessions: [
      { sessionId: 'a', cwd: '/w', title: 'mine', updatedAt: '1970-01-01T00:01:30.000Z' },
      { sessionId: 'b', cwd: '/w', title: 'what was asked', updatedAt: '1970-01-01T00:01:30.000Z' },
    ],
    nextCursor: 'more',
  });
  const last = await agent.request('session/list', { cwd: '/w', cursor: 'more' });
  expect([last.sessions.map(({ sessionId }) => sessionId), last.nextCursor]).toEqual([['old'], null]);
  const asked = engine.sent.flatMap(({ method, params }) => (method === 'thread/list' ? [params] : []));
  expect(asked).toMatchObject([{ cwd: '/w' }, { cwd: '/w', cursor: 'more' }]);
});

test.each(['session/load', 'session/resume'] as const)(
  '%s continues a session with its servers and mode, and ends a prompt that runs; only a load tells what was said before',
  async (method) => {
    const said = (id: string, text: string) => ({ turnId: 't', item: { type: 'agentMessage', id, text } });
    const { agent, engine, client, start, prompt } = await connected(() => {}, {
      handlers: {
        'thread/items/list': () => ({ data: [said('a', 'first'), said('b', 'second')], nextCursor: null }) as never,
        'model/list': () => ({ data: [model('one'), model('two', true)], nextCursor: null }) as never,
      },
    });
    const sessionId = await start();
    const running = prompt(sessionId);
    await engine.received('turn/start');
    const mcpServers = [{ name: 'docs', command: 'docs', args: [], env: [] }];
    const state = await agent.request(method, { sessionId, cwd: '/other', mcpServers });
    expect(await running).toEqual({ stopReason: 'cancelled' });
    expect(values((state as { configOptions?: [] }).configOptions)).toEqual([
      ['model', 'two'],
      ['effort', 'low'],
    ]);
    const resumed = await engine.received('thread/resume');
    expect(resumed).toMatchObject({ threadId: sessionId, cwd: '/other', sandbox: 'workspace-write' });
    expect(JSON.stringify(resumed)).toContain('docs');
    const asked = engine.sent.flatMap(({ method: name, params }) => (name === 'thread/items/list' ? [params] : []));
    if (method === 'session/load') {
      expect(asked).toMatchObject([{ threadId: sessionId, sortDirection: 'asc' }]);
      expect(JSON.stringify(client.updates)).toMatch(/first.*second/);
    } else expect([asked, client.updates]).toEqual([[], []]);
  },
);

test('a mode, a model and an effort that are chosen go with the next prompt, once; words that there are not are refused', async () => {
  const { agent, engine, start, prompt } = await connected(undefined, {
    handlers: { 'model/list': () => ({ data: [model('one', true), model('two')], nextCursor: null }) as never },
  });
  const sessionId = await start();
  const choose = async (configId: string, value: string) =>
    values((await agent.request('session/set_config_option', { sessionId, configId, value })).configOptions);
  expect(await choose('model', 'two')).toEqual([
    ['model', 'two'],
    ['effort', 'low'],
  ]);
  expect(await choose('effort', 'high')).toEqual([
    ['model', 'two'],
    ['effort', 'high'],
  ]);
  await agent.request('session/set_mode', { sessionId, modeId: 'full-access' });
  const wrong = { modeId: 'yolo', configId: 'model', value: 'three' };
  await expect(agent.request('session/set_mode', { sessionId, modeId: wrong.modeId })).rejects.toMatchObject({
    data: { modeId: 'yolo' },
  });
  await expect(choose('model', 'three')).rejects.toMatchObject({ data: { configId: 'model', value: 'three' } });
  await prompt(sessionId);
  await prompt(sessionId);
  const [first, second] = engine.sent.flatMap(({ method, params }) => (method === 'turn/start' ? [params] : []));
  const chosen = { model: 'two', effort: 'high', approvalPolicy: 'never', sandboxPolicy: expect.anything() };
  expect(first).toMatchObject(chosen);
  expect(Object.keys(chosen).filter((name) => name in ((second ?? {}) as object))).toEqual([]);
});

test('nobody is logged in: the client is told, and may give a key', async () => {
  const { agent, engine, start } = await connected(undefined, {
    handlers: { 'account/read': () => ({ account: null, requiresOpenaiAuth: true }) },
  });
  await expect(start()).rejects.toMatchObject({ code: -32000 });
  vi.stubEnv('CODEX_API_KEY', '');
  vi.stubEnv('OPENAI_API_KEY', '');
  await expect(agent.request('authenticate', { methodId: 'api-key' })).rejects.toThrow(
    /set CODEX_API_KEY or OPENAI_API_KEY/,
  );
  vi.stubEnv('OPENAI_API_KEY', 'a-key');
  await agent.request('authenticate', { methodId: 'api-key' });
  expect(await engine.received('account/login/start')).toEqual({ type: 'apiKey', apiKey: 'a-key' });
  await expect(agent.request('authenticate', { methodId: 'other' })).rejects.toThrow('there is no such method');
  await agent.request('logout', {});
  await engine.received('account/logout');
});

test('items as calls of tools, one of a later engine left out', () => {
  const call = (item: object) => toolCallOf(item as never);
  const base = { id: 'i', status: 'completed' };
  expect(call({ ...base, type: 'somethingNew' })).toBeUndefined();
  expect(
    call({
      ...base,
      type: 'commandExecution',
      command: 'ls',
      cwd: '/',
      commandActions: [
        { type: 'listFiles', path: '/w' },
        { type: 'read', path: 'a' },
      ],
    }),
  ).toMatchObject({
    ...{ title: 'ls', kind: 'execute', status: 'completed' },
    locations: [{ path: '/w' }, { path: 'a' }],
  });
  expect(
    call({
      ...base,
      type: 'mcpToolCall',
      server: 's',
      tool: 't',
      arguments: { a: 1 },
      result: {
        content: [{ type: 'text', text: 'x' }, { type: 'image', data: 'd', mimeType: 'image/png' }, { type: 'other' }],
      },
    }),
  ).toMatchObject({
    ...{ title: 's: t', rawInput: { a: 1 } },
    content: [{ content: { text: 'x' } }, { content: { type: 'image' } }],
  });
  expect(
    call({ ...base, type: 'mcpToolCall', status: 'failed', server: 's', tool: 't', error: { message: 'down' } }),
  ).toMatchObject({ status: 'failed', content: [{ content: { text: 'down' } }] });
  expect(
    call({
      ...base,
      type: 'dynamicToolCall',
      status: 'paused',
      tool: 't',
      contentItems: [{ type: 'inputText', text: 'x' }],
    }),
  ).toMatchObject({ title: 't', status: 'failed' });
  expect(call({ ...base, type: 'webSearch', query: 'rain' })).toMatchObject({
    kind: 'fetch',
    title: 'Search the web: rain',
  });
  expect(call({ ...base, type: 'imageView', path: '/w/a.png' })).toMatchObject({
    kind: 'read',
    locations: [{ path: '/w/a.png' }],
  });
  const changes = [
    {
      path: '/w/a',
      kind: { type: 'update', move_path: '/w/b' },
      diff: '@@ -3,2 +4,3 @@\n x\n-y\n+Y\n+Z\n@@ -9 +11 @@\n-p\n+q\n\\ No newline at end of file\n',
    },
    { path: '/w/c', kind: { type: 'delete' }, diff: 'gone\n' },
  ];
  expect(call({ ...base, type: 'fileChange', changes })).toMatchObject({
    ...{ title: 'Edit a, c', kind: 'edit', locations: [{ path: '/w/b', line: 4 }, { path: '/w/c' }] },
    content: [
      { path: '/w/b', oldText: 'x\ny\n', newText: 'x\nY\nZ\n' },
      { path: '/w/b', oldText: 'p\n', newText: 'q\n' },
      { path: '/w/c', oldText: 'gone\n', newText: '' },
    ],
  });
  expect(hunksOf('no diff')).toEqual([]);
  expect(commandLine(`/bin/zsh -lc 'echo '\\''a'\\'''`)).toBe("echo 'a'");
  const [said] = outputContent(`${'x'.repeat(40_000)}\`\`\`\n`);
  expect(said).toMatchObject({ content: { text: expect.stringMatching(/^````\n….*```\n````$/) } });
  expect(JSON.stringify(said).length).toBeLessThan(31_000);
});

test('wrong options are refused, and a client of yours stays open', async () => {
  await expect(serveAcp({ thread: 7 as never })).rejects.toThrow(
    'the option thread of serveAcp: expected an object, got 7',
  );
  await expect(serveAcp({ client: {} as never })).rejects.toThrow('expected a client (new Codex())');
  const engine = memoryEngine();
  const own = engine.codex();
  await expect(serveAcp({ client: own, config: {} })).rejects.toThrow('expected client or config, got both');
  const [ours, theirs, leave] = streamPair();
  const served = serveAcp({ stream: ours, client: own });
  await acpClient(theirs).agent.request('initialize', { protocolVersion: 99 });
  await leave();
  await served;
  expect((await own.models()).data).toEqual([]);
  await engine.finish();
  const [other] = streamPair();
  await serveAcp({ stream: other, signal: AbortSignal.abort() });
});
