import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { CodexConfig } from './config.ts';

// What has been loaded once is there at once: each test begins as a program does.
beforeEach(() => void vi.resetModules());

async function kit() {
  const { setUp, until, startTurn } = await import('../test-fixtures/connected-client.ts');
  const { tool } = await import('../tools/tool.ts');
  const home = mkdtempSync(join(tmpdir(), 'twinproof-closed-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  /** A client that has greeted its engine, with a thread. */
  const withThread = async (config: CodexConfig) => {
    const made = setUp(config);
    const connecting = made.codex.connect();
    await until(() => made.engine.peers.length === 1);
    await made.engine.answer({ userAgent: 'engine/1.0', codexHome: home });
    await made.engine.next();
    await connecting;
    const [thread] = await Promise.all([made.codex.threadResume('th'), made.engine.answer({ thread: { id: 'th' } })]);
    return { ...made, thread };
  };
  return { setUp, withThread, startTurn, tool, home };
}
type Kit = Awaited<ReturnType<typeof kit>>;
type Client = ReturnType<Kit['setUp']>;
type Connected = Awaited<ReturnType<Kit['withThread']>>;

const output = { type: 'object', properties: {}, additionalProperties: false } as const;
const silent = { info() {}, warn() {}, error() {}, debug() {} };

/** What a program that connects loads at that moment, by its options. */
const connecting: Readonly<Record<string, { config?: CodexConfig; call(client: Client): unknown }>> = {
  'a call': { call: ({ codex }) => codex.models() },
  connect: { call: ({ codex }) => codex.connect() },
  events: { call: ({ codex }) => codex.events().next() },
  'events of MCP servers': { call: ({ codex }) => codex.mcp.events().next() },
  notifications: { call: ({ codex }) => codex.notifications().next() },
  telemetry: { config: { telemetry: {} }, call: ({ codex }) => codex.models() },
  'a logger': { config: { logger: silent }, call: ({ codex }) => codex.models() },
  files: { call: ({ codex }) => codex.files.stage(Buffer.from('x')) },
  'MCP servers that are supervised': {
    call: ({ codex }) => codex.threadStart({ mcpServers: { db: { command: 'db', restart: 'onCrash' } } }),
  },
};

/** What a connected program loads with the first use. */
const connected: Readonly<Record<string, (client: Connected, kit: Kit) => unknown>> = {
  files: ({ codex }) => codex.files.stage(Buffer.from('x')),
  'an automatic run': ({ thread }) => thread.autoRun({ input: 'hi', until: () => true }),
  'a typed answer': ({ thread }) => thread.run('hi', { output }),
  'a typed text': ({ thread }) => thread.streamText('hi', { output }).next(),
  'a typed automatic run': ({ thread }) => thread.autoRun({ input: 'hi', output }),
  tools: ({ codex }, { tool }) =>
    codex.threadStart({ tools: [tool({ name: 't', description: 'd', inputSchema: output, execute: () => 'x' })] }),
  'MCP servers that are supervised': ({ codex }) =>
    codex.threadStart({ mcpServers: { db: { command: 'db', restart: 'onCrash' } } }),
};

/** How a call ended: with the close, and not later. */
async function outcome(call: unknown): Promise<string> {
  try {
    await call;
    return 'it succeeded';
  } catch (error) {
    const { cause = error } = error as Error;
    return (cause as Error).name === 'TransportClosedError' ? 'closed' : String(error);
  }
}

async function expectNothingLeft({ engine }: Client, home: string): Promise<void> {
  // Whatever was still loading is there after this.
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(engine.peers.filter(({ closed }) => !closed)).toEqual([]);
  expect(existsSync(join(home, 'artifacts')) ? readdirSync(join(home, 'artifacts')) : []).toEqual([]);
}

test.each(Object.keys(connecting))('a close while %s still connects ends it, and nothing is left', async (name) => {
  const { setUp, home } = await kit();
  const { config, call } = connecting[name] as (typeof connecting)[string];
  const client = setUp(config);
  const ended = outcome(call(client));
  await client.codex.close();
  expect(await ended).toBe('closed');
  await expectNothingLeft(client, home);
});

test.each(Object.keys(connected))(
  'a close while %s still loads ends it, and no other engine is started',
  async (name) => {
    const made = await kit();
    const client = await made.withThread({});
    const ended = outcome(connected[name]?.(client, made));
    await client.codex.close();
    expect(await ended).toBe('closed');
    expect(client.engine.peers).toHaveLength(1);
    await expectNothingLeft(client, made.home);
  },
);

test('the texts and items of a turn that still load end with the connection', async () => {
  const made = await kit();
  const client = await made.withThread({});
  const { handle } = await made.startTurn(client.engine, client.thread);
  const ended = [outcome(handle.text().next()), outcome(handle.items().next())];
  await client.codex.close();
  expect(await Promise.all(ended)).toEqual(['closed', 'closed']);
});

test('events that are asked for after a close belong to the next connection, not to the one that was being made', async () => {
  const { setUp } = await kit();
  const { engine, codex } = setUp();
  const first = outcome(codex.models());
  const closing = codex.close();
  const events = codex.events();
  const told = codex.mcp.events();
  await closing;
  expect(await first).toBe('closed');
  const connectingAgain = codex.connect();
  while (engine.peers.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await engine.greet();
  await connectingAgain;
  engine.notify('mcpServer/startupStatus/updated', { threadId: 'th', name: 'db', status: 'ready' });
  expect(await events.next()).toMatchObject({ value: { method: 'mcpServer/startupStatus/updated' } });
  expect(await told.next()).toMatchObject({ value: { type: 'ready', server: 'db' } });
  await codex.close();
});

test('an automatic run whose judge is still at work begins no turn on another engine', async () => {
  const made = await kit();
  const { engine, codex, thread } = await made.withThread({});
  let judge = (_: boolean) => {};
  const judging = new Promise<boolean>((resolve) => {
    judge = resolve;
  });
  const asked = new Promise<void>((resolve) => {
    const until = () => {
      resolve();
      return judging;
    };
    void outcome(thread.autoRun({ input: 'hi', until })).then((ended) => ends.push(ended));
  });
  const ends: string[] = [];
  await engine.answer({ turn: { id: 't' } });
  engine.notify('turn/completed', { threadId: 'th', turn: { id: 't', items: [], status: 'completed' } });
  await asked;
  await codex.close();
  judge(false);
  while (ends.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(ends).toEqual(['closed']);
  expect(engine.peers).toHaveLength(1);
});
