import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { ndJsonStream } from '@agentclientprotocol/sdk';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import { serveAcp } from '../../sdk/acp.ts';
import { type ModelAnswer, scriptedModel } from '../index.ts';
import { acpClient, choose, streamPair } from './acp-client.ts';

const { path: codexBin } = await resolveEngine();

async function connected(answers: ModelAnswer[], answer?: Parameters<typeof acpClient>[1]) {
  const model = await scriptedModel(answers, {
    codexBin,
    config: 'tools.update_plan = { enabled = true }',
    workspace: { 'a.txt': 'one\ntwo\nthree\n' },
  });
  onTestFinished(() => model.close());
  const [ours, theirs] = streamPair();
  const stop = new AbortController();
  const served = serveAcp({ stream: ours, config: model.config, signal: stop.signal });
  const client = acpClient(theirs, answer);
  onTestFinished(async () => {
    stop.abort();
    await served;
  });
  const { agent } = client;
  await agent.request('initialize', { protocolVersion: 1 });
  const start = async () => await agent.request('session/new', { cwd: model.workspace, mcpServers: [] });
  const prompt = async (sessionId: string, text: string) =>
    await agent.request('session/prompt', { sessionId, prompt: [{ type: 'text', text }] });
  return { model, served, client, agent, start, prompt };
}

/** Asked for outside of the sandbox, so that somebody has to approve it. */
const asking = (cmd: string): ModelAnswer => ({
  call: {
    name: 'exec_command',
    arguments: { cmd, sandbox_permissions: 'require_escalated', justification: 'to see' },
  },
});
const patch =
  '*** Begin Patch\n*** Update File: a.txt\n@@\n one\n-two\n+2\n three\n*** Add File: b.txt\n+new\n*** End Patch';

test('a prompt: thoughts, a plan, text in pieces; then the session is loaded again, with its history', async () => {
  const { client, agent, start, prompt, model } = await connected([
    {
      reasoning: { summary: ['I think'] },
      call: { name: 'update_plan', arguments: { plan: [{ step: 'Look', status: 'in_progress' }] } },
    },
    { stream: ['Hel', 'lo.'], usage: { input: 10, output: 5, total: 15 } },
  ]);
  const { sessionId, modes, configOptions } = await start();
  expect(modes).toMatchObject({
    currentModeId: 'auto',
    availableModes: [{ id: 'read-only' }, { id: 'auto' }, { id: 'full-access' }],
  });
  expect(configOptions).toMatchObject([
    { id: 'model', category: 'model' },
    { id: 'effort', category: 'thought_level' },
  ]);
  expect(await prompt(sessionId, 'hi')).toEqual({ stopReason: 'end_turn' });
  const said = client.updates.filter(({ sessionUpdate }) => sessionUpdate !== 'usage_update');
  expect(said).toMatchObject([
    { sessionUpdate: 'agent_thought_chunk', content: { text: 'I think' } },
    { sessionUpdate: 'plan', entries: [{ content: 'Look', status: 'in_progress', priority: 'medium' }] },
    { sessionUpdate: 'agent_message_chunk', content: { text: 'Hel' } },
    { sessionUpdate: 'agent_message_chunk', content: { text: 'lo.' } },
  ]);
  expect(client.updates).toContainEqual(expect.objectContaining({ sessionUpdate: 'usage_update', used: 15 }));
  const { sessions } = await agent.request('session/list', { cwd: model.workspace });
  expect(sessions).toMatchObject([{ sessionId, cwd: model.workspace, title: 'hi' }]);
  client.updates.length = 0;
  expect(await agent.request('session/load', { sessionId, cwd: model.workspace, mcpServers: [] })).toHaveProperty(
    'modes',
  );
  expect(client.updates).toMatchObject([
    { sessionUpdate: 'user_message_chunk', content: { text: 'hi' } },
    { sessionUpdate: 'agent_thought_chunk', content: { text: 'I think' } },
    { sessionUpdate: 'agent_message_chunk', content: { text: 'Hello.' } },
  ]);
});

test('a command and a change of files: calls with their output and diffs, in full access without a question', async () => {
  const { client, agent, start, prompt, model } = await connected([
    { call: { name: 'exec_command', arguments: { cmd: 'cat a.txt' } } },
    { patch },
    { message: 'Done.' },
  ]);
  const { sessionId } = await start();
  await agent.request('session/set_mode', { sessionId, modeId: 'full-access' });
  expect(await prompt(sessionId, 'go')).toEqual({ stopReason: 'end_turn' });
  const calls = client.updates.filter(({ sessionUpdate }) => sessionUpdate.startsWith('tool_call'));
  expect(calls.filter((call) => 'title' in call)).toMatchObject([
    { sessionUpdate: 'tool_call', title: 'cat a.txt', kind: 'read', status: 'in_progress' },
    { sessionUpdate: 'tool_call_update', status: 'completed', rawOutput: { exitCode: 0, output: 'one\ntwo\nthree\n' } },
    { sessionUpdate: 'tool_call', title: expect.stringMatching(/^Edit /), kind: 'edit', status: 'in_progress' },
    { sessionUpdate: 'tool_call_update', status: 'completed' },
  ]);
  const diffs = (calls.at(-1) as { content: { path: string }[] }).content.toSorted((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  expect(diffs).toEqual([
    { type: 'diff', path: join(model.workspace, 'a.txt'), oldText: 'one\ntwo\nthree\n', newText: 'one\n2\nthree\n' },
    { type: 'diff', path: join(model.workspace, 'b.txt'), oldText: null, newText: 'new\n' },
  ]);
  expect(client.asked).toEqual([]);
});

test.each([
  ['allow_once', 'completed', 'end_turn'],
  ['reject_once', 'failed', 'end_turn'],
])(
  'a permission that is answered with %s: the call is %s, the prompt ends with %s',
  async (kind, status, stopReason) => {
    const { client, start, prompt } = await connected([asking('echo hi'), { message: 'So be it.' }], choose(kind));
    const { sessionId } = await start();
    expect(await prompt(sessionId, 'go')).toEqual({ stopReason });
    expect(client.asked).toMatchObject([
      {
        toolCall: { title: 'echo hi', kind: 'execute', status: 'pending' },
        options: expect.arrayContaining([
          expect.objectContaining({ kind: 'allow_always' }),
          expect.objectContaining({ kind: 'reject_once' }),
        ]),
      },
    ]);
    const { toolCallId } = client.asked[0]?.toolCall ?? {};
    const last = client.updates.findLast((update) => 'toolCallId' in update && update.toolCallId === toolCallId);
    expect(last).toMatchObject({ sessionUpdate: 'tool_call_update', status });
  },
);

test.each([
  ['allow_once', true],
  ['reject_once', false],
])('what a sub-agent asks for is asked in the session that it works for; %s: it runs: %s', async (kind, ran) => {
  const { client, model, start, prompt } = await connected(
    [
      {
        for: 'go',
        call: {
          ...{ namespace: 'multi_agent_v1', name: 'spawn_agent' },
          arguments: { message: 'look around', agent_type: 'default' },
        },
      },
      { ...asking('echo hi'), for: 'look around' },
      { for: 'go', stream: ['All quiet.'], hold: 'asked' },
      { for: 'look around', stream: ['As you wish.'], hold: 'never' },
    ],
    choose(kind),
  );
  const { sessionId } = await start();
  const prompted = prompt(sessionId, 'go');
  // The command of the sub-agent has ended, one way or the other, when its model is asked again.
  await model.requested(4);
  model.release('asked');
  expect(await prompted).toEqual({ stopReason: 'end_turn' });
  expect(client.asked).toMatchObject([{ sessionId, toolCall: { title: 'echo hi', kind: 'execute' } }]);
  const sent = JSON.stringify(model.requests.map(({ body }) => body));
  expect([/Output:\\nhi/.test(sent), /rejected by user/.test(sent)]).toEqual(ran ? [true, false] : [false, true]);
  await model.finish();
});

test('allowed for the session: the same is not asked again; a change of files is asked about with its diff', async () => {
  const { client, agent, start, prompt, model } = await connected(
    [asking('echo hi'), asking('echo hi'), { message: 'One.' }, { patch }, { message: 'Two.' }],
    choose('allow_always'),
  );
  const { sessionId } = await start();
  await prompt(sessionId, 'go');
  expect(client.asked).toHaveLength(1);
  await agent.request('session/set_mode', { sessionId, modeId: 'read-only' });
  await prompt(sessionId, 'go');
  const diff = { type: 'diff', path: join(model.workspace, 'b.txt'), newText: 'new\n' };
  expect(client.asked[1]?.toolCall).toMatchObject({
    kind: 'edit',
    content: expect.arrayContaining([expect.objectContaining(diff)]),
  });
  expect(await readFile(join(model.workspace, 'b.txt'), 'utf8')).toBe('new\n');
});

test('a cancel ends the prompt: in the middle of a text, and while the client is asked, whose answer then counts for nothing', async () => {
  let cancel = () => {};
  const { client, agent, start, prompt, model } = await connected(
    [{ stream: ['Do'], hold: 'never' }, asking('touch made'), { message: 'Next.' }],
    async (request) => {
      cancel();
      return await choose('allow_once')(request);
    },
  );
  const { sessionId } = await start();
  const first = prompt(sessionId, 'go');
  await client.told(({ sessionUpdate }) => sessionUpdate === 'agent_message_chunk');
  await agent.notify('session/cancel', { sessionId });
  expect(await first).toEqual({ stopReason: 'cancelled' });
  const { promise, resolve } = withResolvers();
  cancel = () => resolve(agent.notify('session/cancel', { sessionId }));
  const second = prompt(sessionId, 'go');
  await promise;
  expect(await second).toEqual({ stopReason: 'cancelled' });
  expect(await prompt(sessionId, 'go')).toEqual({ stopReason: 'end_turn' });
  await model.finish();
});

test('the model and its effort are options of the session', async () => {
  const { agent, start, prompt, model } = await connected([{ message: 'One.' }]);
  const { sessionId, configOptions } = await start();
  const [option] = configOptions ?? [];
  const values = option?.type === 'select' ? option.options.flatMap((one) => ('value' in one ? [one.value] : [])) : [];
  expect(values).toContain('gpt-5.5');
  const set = (configId: string, value: string) =>
    agent.request('session/set_config_option', { sessionId, configId, value });
  expect((await set('model', 'gpt-5.5')).configOptions[0]).toMatchObject({ currentValue: 'gpt-5.5' });
  expect((await set('effort', 'high')).configOptions[1]).toMatchObject({ currentValue: 'high' });
  await expect(set('model', 'none')).rejects.toThrow(/expected .*gpt-5\.5/);
  await expect(agent.request('session/set_mode', { sessionId, modeId: 'yolo' })).rejects.toThrow(
    'expected read-only, auto, full-access',
  );
  await prompt(sessionId, 'go');
  expect(model.requests[0]?.body).toMatchObject({ model: 'gpt-5.5', reasoning: { effort: 'high' } });
});

test('the program serves on stdin and stdout, and ends with its client', async () => {
  const model = await scriptedModel([{ message: 'Hello.' }], { codexBin });
  onTestFinished(() => model.close());
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const agentProcess = execa(process.execPath, [join(root, 'scripts/twinproof.mjs'), 'acp'], {
    ...{ cwd: root, buffer: false, stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' },
    env: { ...model.config.env, TWINPROOF_ENGINE: codexBin },
  });
  const stream = ndJsonStream(
    Writable.toWeb(agentProcess.stdin) as WritableStream<Uint8Array>,
    Readable.toWeb(agentProcess.stdout) as ReadableStream<Uint8Array>,
  );
  const client = acpClient(stream);
  const { agentInfo } = await client.agent.request('initialize', { protocolVersion: 1 });
  expect(agentInfo).toMatchObject({ name: 'twinproof', title: 'Codex' });
  const { sessionId } = await client.agent.request('session/new', { cwd: model.workspace, mcpServers: [] });
  const prompt = [{ type: 'text' as const, text: 'hi' }];
  expect(await client.agent.request('session/prompt', { sessionId, prompt })).toEqual({ stopReason: 'end_turn' });
  expect(client.kinds()).toContain('agent_message_chunk');
  agentProcess.stdin.end();
  expect((await agentProcess).exitCode).toBe(0);
});

function withResolvers() {
  let resolve: (value: unknown) => void = () => {};
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
