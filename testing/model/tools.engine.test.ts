import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { resolveEngine } from '../../native/index.ts';
import { ApprovalMode, Codex, Sandbox } from '../../sdk/index.ts';
import { namesOfTheEngine, type Tool, tool } from '../../sdk/tools/tool.ts';
import { toolServer } from '../../sdk/tools/tool-server.ts';
import { type ModelAnswer, scriptedModel } from '../index.ts';

const { path: codexBin } = await resolveEngine();

async function client(answers: ModelAnswer[]) {
  const model = await scriptedModel(answers, { codexBin });
  onTestFinished(() => model.close());
  const codex = new Codex(model.config);
  onTestFinished(() => codex.close());
  return { model, codex };
}

const ticket = (execute: Tool['execute'] = () => 'it is open'): Tool =>
  tool({
    name: 'ticket',
    description: 'Reads a ticket.',
    inputSchema: z.object({ id: z.string() }),
    execute: execute as () => string,
  });
const calling = (name: string, more: object = {}): ModelAnswer => ({
  call: { name, arguments: { id: 'T-1' }, ...more },
});

/** What the model was told of its calls, in its last request. */
const outputs = (body: Record<string, unknown> = {}): unknown[] =>
  (body['input'] as { output?: unknown }[]).flatMap(({ output }) => (output === undefined ? [] : [output]));

test('a thread keeps its tools; the next program binds them again, and learns what is missing and what is too much', async () => {
  const { model, codex } = await client([{ message: 'ready' }, calling('ticket'), { message: 'seen' }]);
  const other = { ...ticket(), name: 'other' };
  const first = await codex.threadStart({ tools: [ticket(), other], sandbox: Sandbox.readOnly });
  await first.run('hi');
  await codex.close();
  // Another process, which knows nothing but the thread's id.
  const program = `
    import { Codex, tool } from ${JSON.stringify(new URL('../../sdk/index.ts', import.meta.url).href)};
    import { z } from 'zod';
    const options = { description: 'x', inputSchema: z.object({ id: z.string() }) };
    const ticket = tool({ ...options, name: 'ticket', execute: ({ id }) => id + ' is closed' });
    const fresh = tool({ ...options, name: 'fresh', execute: () => '' });
    const codex = new Codex(JSON.parse(process.env.CONFIG));
    const thread = await codex.threadResume(process.env.THREAD, { tools: [ticket, fresh] });
    const { finalResponse } = await thread.run('look it up');
    console.log(JSON.stringify([thread.tools, finalResponse]));
    await codex.close();`;
  const done = await execa(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { CONFIG: JSON.stringify(model.config), THREAD: first.id },
  });
  expect(JSON.parse(done.stdout)).toEqual([
    { bound: ['ticket', 'fresh'], missing: ['other'], extra: ['fresh'] },
    'seen',
  ]);
  expect(done.stderr).toContain('TWINPROOF_TOOLS');
  expect(outputs(model.requests.at(-1)?.body)).toEqual(['T-1 is closed']);
});

test('half of a surrogate pair in a prompt or a result is read by the engine as U+FFFD', async () => {
  const { model, codex } = await client([calling('ticket'), { message: 'seen' }]);
  const thread = await codex.threadStart({ tools: [ticket(() => 'cut \ud83d')], sandbox: Sandbox.readOnly });
  const { items } = await thread.run('also \ud83d');
  expect(items).toMatchObject([
    { content: [{ text: 'also \ufffd' }] },
    { contentItems: [{ text: 'cut \ufffd' }], success: true },
    { text: 'seen' },
  ]);
  await model.finish();
});

test('names of the engine are those that it would call instead', async () => {
  const names = [...namesOfTheEngine];
  const { model, codex } = await client(names.flatMap((name) => [calling(name), { message: 'seen' }]));
  const called: string[] = [];
  for (const name of names) {
    // Not through `tool()`, which refuses them.
    const { thread } = await codex.request('thread/start', {
      dynamicTools: [{ type: 'function', name, description: 'x', inputSchema: { type: 'object' } }],
      sandbox: 'read-only',
      approvalPolicy: 'never',
    });
    const input = [{ type: 'text' as const, text: 'go' }];
    const { turn } = await codex.request('turn/start', { threadId: thread.id, input });
    await codex.waitForTurnCompleted(turn.id);
    const said = outputs(model.requests.at(-1)?.body);
    if (JSON.stringify(said).includes('this client offers no such tool')) called.push(name);
  }
  expect(called).toEqual([]);
});

test('calls that the model makes at once run at once', async () => {
  const { model, codex } = await client([
    { calls: ['1', '2', '3'].map((id) => ({ name: 'ticket', arguments: { id } })) },
    { message: 'seen' },
  ]);
  let arrived = 0;
  let open: () => void = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  const meeting = ticket(async () => {
    arrived += 1;
    if (arrived === 3) open();
    await all;
    return 'met';
  });
  const thread = await codex.threadStart({ tools: [meeting], sandbox: Sandbox.readOnly });
  await thread.run('go');
  expect(outputs(model.requests.at(-1)?.body)).toEqual(['met', 'met', 'met']);
});

test('a model of the code mode calls tools too', async () => {
  const script = 'text(JSON.stringify(await tools.ticket({ id: "T-1" })));';
  const { model, codex } = await client([
    {
      parts: [
        { item: { type: 'custom_tool_call', namespace: 'functions', call_id: 'c', name: 'exec', input: script } },
      ],
    },
    { message: 'seen' },
  ]);
  const thread = await codex.threadStart({ tools: [ticket()], model: 'gpt-5.6-luna', sandbox: Sandbox.readOnly });
  await thread.run('go');
  expect(JSON.stringify(outputs(model.requests.at(-1)?.body))).toContain('it is open');
});

test('the engine calls tools over MCP, and an interrupt reaches them', async () => {
  let running: () => void = () => {};
  const begun = new Promise<void>((resolve) => {
    running = resolve;
  });
  let stopped: (reason: unknown) => void = () => {};
  const reason = new Promise<unknown>((resolve) => {
    stopped = resolve;
  });
  const hanging = tool({
    ...{ name: 'hang', description: 'Hangs.', inputSchema: z.object({}) },
    execute: async (_args, { signal }) => {
      signal.addEventListener('abort', () => stopped(signal.reason));
      running();
      return await new Promise<string>(() => {});
    },
  });
  const { model, codex } = await client([
    calling('ticket', { namespace: 'mcp__desk' }),
    { message: 'seen' },
    calling('hang', { namespace: 'mcp__desk', arguments: {} }),
  ]);
  const server = await toolServer([ticket(), hanging]);
  onTestFinished(() => server.close());
  const thread = await codex.threadStart({
    sandbox: Sandbox.fullAccess,
    approvalMode: ApprovalMode.denyAll,
    mcpServers: { desk: { url: server.url } },
  });
  const { items } = await thread.run('go');
  expect(items).toContainEqual(
    expect.objectContaining({ type: 'mcpToolCall', server: 'desk', tool: 'ticket', status: 'completed' }),
  );
  expect(JSON.stringify(outputs(model.requests.at(-1)?.body))).toContain('it is open');
  const turn = await thread.turn('hang');
  await begun;
  await turn.interrupt();
  expect((await turn.result()).status).toBe('interrupted');
  await reason;
});
