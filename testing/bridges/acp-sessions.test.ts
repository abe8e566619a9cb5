import { getEventListeners } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serveAcp } from '../../sdk/acp.ts';
import { type Codex, type CodexConfig, tool } from '../../sdk/index.ts';
import { memoryEngine } from '../index.ts';
import { acpClient, streamPair } from './acp-client.ts';
import { connected, latch, type Turn } from './test-fixtures/acp-agent.ts';

const sentOf = (engine: { sent: readonly { method?: unknown; params?: unknown }[] }, method: string) =>
  engine.sent.flatMap((one) => (one.method === method ? [one.params as Record<string, unknown>] : []));

/** A turn that says something, which shows that it runs, and then nothing. */
const talking = ({ say }: Turn) => say('item/agentMessage/delta', { itemId: 'm', delta: 'begun' });
const begun = async (client: ReturnType<typeof acpClient>) =>
  await client.told((update) => JSON.stringify(update).includes('begun'));

/** Ends a turn that was interrupted; not by itself, as an engine takes its time. */
function interruptible() {
  const asked = latch<{ end: () => void }>();
  return {
    asked,
    handlers: {
      'turn/interrupt': (
        { threadId, turnId }: { threadId: string; turnId: string },
        { emit }: { emit: (...told: never[]) => void },
      ) => {
        const turn = { id: turnId, items: [], status: 'interrupted', error: null };
        asked.open({ end: () => emit(...(['turn/completed', { threadId, turn }] as never[])) });
        return {};
      },
    } as never,
  };
}

test('an agent on a client of yours ends once its turns have; it leaves the client open, and no listener on your signal', async () => {
  const { asked, handlers } = interruptible();
  const { client, own, served, stop, start, prompt } = await connected(talking, { ownClient: true, handlers });
  const close = vi.spyOn(own as Codex, 'close');
  void prompt(await start()).catch(() => {});
  await begun(client);
  let over = false;
  void served.then(() => {
    over = true;
  });
  stop.abort();
  const { end } = await asked.reached;
  for (let round = 0; round < 20; round += 1) await new Promise(setImmediate);
  expect(over).toBe(false);
  end();
  await served;
  expect(close).not.toHaveBeenCalled();
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});

test('an agent whose client leaves closes the engine of its own, and lets your signal go', async () => {
  const engine = memoryEngine();
  onTestFinished(() => engine.close());
  const [ours, theirs, leave] = streamPair();
  const stop = new AbortController();
  let closed = 0;
  const transport: CodexConfig['transport'] = (...given) => {
    const made = engine.transport(...given);
    vi.spyOn(made, 'close').mockImplementation(async () => {
      closed += 1;
    });
    return made;
  };
  const served = serveAcp({ stream: ours, signal: stop.signal, config: { transport } });
  const { agent } = acpClient(theirs);
  await agent.request('initialize', { protocolVersion: 1 });
  await agent.request('session/new', { cwd: '/w', mcpServers: [] });
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
  await leave();
  await served;
  expect(closed).toBeGreaterThan(0);
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});

test('the version of the protocol is the older of the two', async () => {
  const { agent } = await connected();
  for (const [asked, told] of [
    [0, 0],
    [1, 1],
    [99, 1],
  ] as const)
    expect(await agent.request('initialize', { protocolVersion: asked })).toMatchObject({ protocolVersion: told });
});

test('threads get what the option says, below the mode of the session; servers of the client go before those of the option', async () => {
  const { engine, agent } = await connected(undefined, {
    options: {
      thread: {
        ...{ model: 'mine', developerInstructions: 'Be short.', approvalPolicy: 'never' },
        mcpServers: { docs: { command: 'ours' }, more: { command: 'more' } },
      },
    },
    handlers: {
      'model/list': () =>
        ({
          data: ['other', 'mine'].map((name) => ({
            ...{ id: name, model: name, displayName: name, description: name, isDefault: name === 'other' },
            ...{ supportedReasoningEfforts: [], defaultReasoningEffort: 'low' },
          })),
          nextCursor: null,
        }) as never,
    },
  });
  const mcpServers = [{ name: 'docs', command: 'theirs', args: [], env: [] }];
  const state: unknown = await agent.request('session/new', { cwd: '/w', mcpServers });
  expect(state).toMatchObject({ configOptions: [{ id: 'model', currentValue: 'mine' }] });
  expect(await engine.received('thread/start')).toMatchObject({
    ...{ model: 'mine', developerInstructions: 'Be short.', approvalPolicy: 'on-request', sandbox: 'workspace-write' },
    config: { mcp_servers: { docs: { command: 'theirs' }, more: { command: 'more' } } },
  });
});

test('after its engine has died, a session goes on with its mode, its folder and its tools', async () => {
  const answers: unknown[] = [];
  const note = tool({
    ...{ name: 'note', description: 'Notes.', inputSchema: { type: 'object' } },
    execute: () => 'noted',
  });
  const { engine, agent, start, prompt } = await connected(
    async ({ ask, end }) => {
      if (sentOf(engine, 'turn/start').length === 1) return engine.die();
      answers.push(await ask('item/tool/call', { callId: 'c', tool: 'note', arguments: {} }));
      end();
    },
    { options: { thread: { tools: [note] } } },
  );
  const sessionId = await start();
  await agent.request('session/set_mode', { sessionId, modeId: 'read-only' });
  await expect(prompt(sessionId)).rejects.toMatchObject({ data: { kind: 'transport-closed' } });
  expect(await prompt(sessionId)).toEqual({ stopReason: 'end_turn' });
  expect(await engine.received('thread/resume')).toMatchObject({
    ...{ threadId: sessionId, cwd: '/w', sandbox: 'read-only', approvalPolicy: 'on-request' },
  });
  expect(answers).toMatchObject([{ success: true }]);
});

test('a client of yours whose engine has died is not closed by the agent', async () => {
  const { engine, own, start, prompt } = await connected(() => engine.die(), { ownClient: true });
  const close = vi.spyOn(own as Codex, 'close');
  const sessionId = await start();
  await expect(prompt(sessionId)).rejects.toMatchObject({ data: { kind: 'transport-closed' } });
  expect(close).not.toHaveBeenCalled();
});

test('what was chosen stays for the next prompt if a turn could not be started', async () => {
  let refuse = true;
  const { engine, agent, start, prompt } = await connected(undefined, {
    handlers: {
      'turn/start': () => {
        if (refuse) throw new Error('not now');
        return 'done';
      },
    },
  });
  const sessionId = await start();
  await agent.request('session/set_mode', { sessionId, modeId: 'full-access' });
  await expect(prompt(sessionId)).rejects.toThrow('not now');
  refuse = false;
  await prompt(sessionId);
  await prompt(sessionId);
  expect(sentOf(engine, 'turn/start').map(({ approvalPolicy }) => approvalPolicy)).toEqual([
    'never',
    'never',
    undefined,
  ]);
});

test.each(['session/cancel', 'the request'] as const)(
  'a prompt that is cancelled by %s tells what comes until its turn has ended, and leaves no timer',
  async (how) => {
    const { asked, handlers } = interruptible();
    let say: (text: string) => void = () => {};
    const { client, agent, start } = await connected(
      (turn) => {
        say = (delta) => turn.say('item/agentMessage/delta', { itemId: 'm', delta });
        say('begun');
      },
      { handlers },
    );
    const sessionId = await start();
    const stop = new AbortController();
    const prompt = [{ type: 'text' as const, text: 'go' }];
    const running = agent.request('session/prompt', { sessionId, prompt }, { cancellationSignal: stop.signal });
    await begun(client);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    if (how === 'session/cancel') await agent.notify('session/cancel', { sessionId });
    else stop.abort();
    const { end } = await asked.reached;
    say('so far');
    end();
    expect(await running).toEqual({ stopReason: 'cancelled' });
    expect(client.updates).toMatchObject([{ content: { text: 'begun' } }, { content: { text: 'so far' } }]);
    expect(vi.getTimerCount()).toBe(0);
  },
);

test('a turn that does not end within five seconds after its cancel is not waited for any longer', async () => {
  const { asked, handlers } = interruptible();
  const { client, agent, start, prompt } = await connected(talking, { handlers });
  const sessionId = await start();
  let outcome: unknown;
  void prompt(sessionId).then((given) => {
    outcome = given;
  });
  await begun(client);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const pass = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    for (let round = 0; round < 30; round += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  await agent.notify('session/cancel', { sessionId });
  await asked.reached;
  await pass(4999);
  expect(outcome).toBeUndefined();
  await pass(1);
  expect(outcome).toEqual({ stopReason: 'cancelled' });
});

test('an engine that dies while a cancelled turn ends is an error all the same', async () => {
  const { asked, handlers } = interruptible();
  const { engine, client, agent, start, prompt } = await connected(talking, { handlers });
  const sessionId = await start();
  const running = expect(prompt(sessionId)).rejects.toMatchObject({ data: { kind: 'transport-closed' } });
  await begun(client);
  await agent.notify('session/cancel', { sessionId });
  await asked.reached;
  engine.die();
  await running;
});

test.each(['session/close', 'session/delete'] as const)(
  '%s ends the prompt that runs, for the engine too',
  async (method) => {
    const { engine, agent, start, prompt } = await connected(() => {});
    const sessionId = await start();
    const running = prompt(sessionId);
    await engine.received('turn/start');
    await agent.request(method, { sessionId });
    expect(await running).toEqual({ stopReason: 'cancelled' });
    expect(await engine.received('turn/interrupt')).toMatchObject({ turnId: 'turn-1' });
  },
);

test('the models are asked for once, and again if that has failed', async () => {
  let refuse = true;
  const { engine, start } = await connected(undefined, {
    handlers: {
      'model/list': () => {
        if (refuse) throw new Error('no models');
        return { data: [], nextCursor: null } as never;
      },
    },
  });
  await expect(start()).rejects.toThrow('no models');
  refuse = false;
  for (let time = 0; time < 3; time += 1) await start();
  expect(sentOf(engine, 'model/list')).toHaveLength(2);
});

test('a session that the engine does not find is not known afterwards either', async () => {
  const { agent, prompt } = await connected(undefined, {
    handlers: {
      'thread/resume': () => {
        throw new Error('no such thread');
      },
    },
  });
  await expect(agent.request('session/load', { sessionId: 'gone', cwd: '/w', mcpServers: [] })).rejects.toMatchObject({
    ...{ code: -32603, data: { kind: 'internal' } },
    message: expect.stringContaining('no such thread'),
  });
  await expect(prompt('gone')).rejects.toMatchObject({ code: -32002 });
});
