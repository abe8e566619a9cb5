import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { Codex } from '../client/codex.ts';
import type { CodexConfig } from '../client/config.ts';
import { Sandbox } from '../client/sandbox.ts';
import { unixSocket } from './attach.ts';
import type { ReconnectPolicy, ReconnectReport } from './reconnect.ts';

interface Message {
  id?: unknown;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
}

/** What a small engine answers; a method that is missing stays unanswered. */
type Answers = Record<string, (message: Message, client: WebSocket) => object | undefined>;

let folder: string;
const cleanUp: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reconnect-'));
});
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
  rmSync(folder, { recursive: true });
});

const thread = { id: 't' };
const answers: Answers = {
  initialize: () => ({ userAgent: 'small/0.171.0' }),
  'thread/start': () => ({ thread }),
  'thread/resume': () => ({ thread }),
  'thread/turns/list': () => ({ data: [{ id: 'u', status: 'inProgress' }] }),
  'model/list': () => ({ data: [] }),
};

/** An engine on a unix socket that answers a little, and what it was asked, connection by connection. */
class SmallEngine {
  readonly path = join(folder, 's');
  readonly heard: Message[][] = [];
  answers: Answers = { ...answers };
  #http: Server | undefined;
  #sockets: WebSocketServer | undefined;

  async start(): Promise<void> {
    this.#http = createServer().listen(this.path);
    await once(this.#http, 'listening');
    this.#sockets = new WebSocketServer({ server: this.#http });
    this.#sockets.on('connection', (client) => {
      const heard: Message[] = [];
      this.heard.push(heard);
      client.on('message', (data) => {
        const message = JSON.parse(String(data)) as Message;
        heard.push(message);
        const result = this.answers[message.method ?? '']?.(message, client);
        if (result) client.send(JSON.stringify({ id: message.id, result }));
        this.#news();
      });
    });
  }

  #news: () => void = () => {};

  /** Resolves when somebody has asked for this, on the nth connection. */
  async asked(method: string, connection: number): Promise<void> {
    while (!this.heard[connection]?.some((one) => one.method === method))
      await new Promise<void>((resolve) => {
        this.#news = resolve;
      });
  }

  methods(connection: number): unknown[] {
    return (this.heard[connection] ?? []).map(({ method, result }) => method ?? result);
  }

  /** Cuts every connection. */
  cut(): void {
    for (const client of this.#sockets?.clients ?? []) client.terminate();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#http?.close(resolve) ?? resolve(undefined));
  }
}

async function start(config: CodexConfig = {}) {
  const engine = new SmallEngine();
  await engine.start();
  cleanUp.push(() => engine.stop());
  const codex = new Codex({ transport: unixSocket(engine.path), ...config });
  cleanUp.push(() => codex.close());
  return { engine, codex };
}

function reporting(policy: ReconnectPolicy = {}) {
  let told: (report: ReconnectReport) => void = () => {};
  const reported = new Promise<ReconnectReport>((resolve) => {
    told = resolve;
  });
  return { reported, reconnect: { backoffMs: 1, ...policy, onReconnect: (report: ReconnectReport) => told(report) } };
}

/** The engine's connections are cut, and the client knows it. */
async function lose(codex: Codex, how: () => unknown): Promise<void> {
  const noticed = expect(codex.events().next()).rejects.toMatchObject({ name: 'ConnectionLostError' });
  await how();
  await noticed;
}

test('without a policy, what waits fails by what it may have done, later calls fail at once, and close() allows a new connection', async () => {
  const { engine, codex } = await start();
  const thread = await codex.threadStart();
  delete engine.answers['model/list'];
  const [turn, models, events] = [thread.turn('x'), codex.models(), codex.events().next()].map((one) =>
    one.catch((error: unknown) => error),
  );
  await engine.asked('turn/start', 0);
  await engine.asked('model/list', 0);
  engine.cut();
  const lost = {
    name: 'ConnectionLostError',
    kind: 'connection-lost',
    retryable: true,
    address: `unix://${engine.path}`,
  };
  expect(await turn).toMatchObject({ ...lost, effect: 'unknown', action: 'turn/start' });
  expect(await turn).toMatchObject({ message: expect.stringContaining('it may have taken effect') });
  expect(await models).toMatchObject({ ...lost, effect: 'none', action: 'model/list' });
  expect(await events).toMatchObject(lost);
  await expect(thread.turn('x')).rejects.toMatchObject({ ...lost, effect: 'none', action: 'turn/start' });
  expect(engine.heard).toHaveLength(1);
  await codex.close();
  engine.answers = { ...answers };
  expect(await codex.models()).toEqual({ data: [] });
});

test('with a policy, threads are resumed as they were opened, handlers answer again, and a turn that was not answered is not started twice', async () => {
  const { reported, reconnect } = reporting();
  const { engine, codex } = await start({ reconnect });
  const thread = await codex.threadStart({ sandbox: Sandbox.readOnly, model: 'm', approvals: () => 'accept' });
  const archived = { ...answers, 'thread/start': () => ({ thread: { id: 'gone' } }), 'thread/archive': () => ({}) };
  engine.answers = archived;
  await (await codex.threadStart()).run('x', { timeoutMs: 1 }).catch(() => {});
  await codex.threadArchive('gone');
  const turn = thread.turn('x').catch((error: unknown) => error);
  await engine.asked('turn/start', 0);
  engine.answers = {
    ...answers,
    // The engine asks again what it was not answered, right after the thread is resumed.
    'thread/resume': (_message, client) => {
      const params = { threadId: 't', turnId: 'u', itemId: 'i', command: 'ls', cwd: '/' };
      setImmediate(() =>
        client.send(JSON.stringify({ id: 7, method: 'item/commandExecution/requestApproval', params })),
      );
      return { thread, approvalsReviewer: 'user' };
    },
  };
  engine.cut();
  expect(await turn).toMatchObject({ name: 'ConnectionLostError', effect: 'unknown' });
  // Waits for the new connection.
  expect(await codex.models()).toEqual({ data: [] });
  expect(await reported).toMatchObject({
    lost: { name: 'ConnectionLostError' },
    attempts: 1,
    threads: [{ threadId: 't', turnId: 'u', error: undefined }],
  });
  while (engine.heard[1]?.every((one) => one.result === undefined)) await new Promise(setImmediate);
  expect(engine.methods(1)).toEqual(
    expect.arrayContaining(['initialize', 'initialized', 'thread/resume', 'thread/turns/list', { decision: 'accept' }]),
  );
  expect(engine.methods(1)).not.toContain('turn/start');
  const resumes = engine.heard[1]?.filter(({ method }) => method === 'thread/resume');
  expect(resumes).toMatchObject([
    { params: { threadId: 't', sandbox: 'read-only', model: 'm', approvalsReviewer: 'user', excludeTurns: true } },
  ]);
});

test('a turn that went on is attached to, from the resuming on', async () => {
  const { reported, reconnect } = reporting();
  const { engine, codex } = await start({ reconnect });
  const thread = await codex.threadStart();
  engine.cut();
  const { threads } = await reported;
  const again = await thread.attach(String(threads[0]?.turnId));
  const params = { threadId: 't', turn: { id: 'u', status: 'completed', items: [], error: null } };
  engine.answers['model/list'] = (_message, client) => {
    client.send(JSON.stringify({ method: 'turn/completed', params }));
    return { data: [] };
  };
  await codex.models();
  expect(await again.result()).toMatchObject({ status: 'completed' });
});

test('a thread that cannot be resumed is reported, and the others are', async () => {
  const { reported, reconnect } = reporting();
  const { engine, codex } = await start({ reconnect });
  await codex.threadStart();
  engine.answers['thread/resume'] = ({ id }, client) => {
    client.send(JSON.stringify({ id, error: { code: -32600, message: 'no rollout found' } }));
    return undefined;
  };
  engine.cut();
  const { threads } = await reported;
  expect(threads).toMatchObject([{ threadId: 't', turnId: undefined, error: { name: 'InvalidRequestError' } }]);
});

test('attempts are counted; in vain they end in one error, and the next call tries again', async () => {
  const { reported, reconnect } = reporting({ attempts: 3 });
  const { engine, codex } = await start({ reconnect });
  await codex.threadStart();
  await lose(codex, () => engine.stop());
  await expect(codex.models()).rejects.toMatchObject({
    name: 'ConnectError',
    retryable: true,
    message: expect.stringContaining('tried 3 times in vain'),
  });
  await engine.start();
  expect(await codex.models()).toEqual({ data: [] });
  expect(await reported).toMatchObject({ threads: [{ threadId: 't' }] });
});

test('connections that do not last until the threads are resumed are attempts in vain: there is an end', async () => {
  const { reconnect } = reporting({ attempts: 4 });
  const { engine, codex } = await start({ reconnect });
  await codex.threadStart();
  engine.answers['thread/resume'] = (_message, client) => void client.terminate();
  await lose(codex, () => engine.cut());
  await expect(codex.models()).rejects.toMatchObject({ name: 'ConnectionLostError' });
  expect(engine.heard).toHaveLength(5);
});

test('close() ends the attempts, and what onReconnect throws is a warning', async () => {
  const { engine, codex } = await start({ reconnect: { backoffMs: 60_000 } });
  await codex.connect();
  await lose(codex, () => engine.stop());
  const waiting = expect(codex.models()).rejects.toMatchObject({ name: 'TransportClosedError' });
  await codex.close();
  await waiting;
  await engine.start();
  const failing = () => {
    throw new Error('mine');
  };
  const other = new Codex({
    transport: unixSocket(engine.path),
    reconnect: { backoffMs: 1, onReconnect: failing },
  });
  cleanUp.push(() => other.close());
  await other.connect();
  const warned = once(process, 'warning');
  await lose(other, () => engine.cut());
  await other.models();
  expect(String((await warned)[0])).toContain('onReconnect has failed: Error: mine');
});

test('the options are checked, and a policy needs a transport', () => {
  const transport = unixSocket('/x');
  expect(() => new Codex({ reconnect: {} })).toThrow(/expected it beside transport/);
  expect(() => new Codex({ transport, reconnect: true as never })).toThrow(/false, or an object/);
  expect(() => new Codex({ transport, reconnect: { attempts: '3' as never } })).toThrow(/attempts/);
  expect(() => new Codex({ transport, reconnect: { backoffMs: -1 } })).toThrow(RangeError);
});
