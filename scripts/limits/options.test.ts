import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import type { ReconnectPolicy } from '../../sdk/attach/reconnect.ts';
import { ReconnectingTransport, reconnectRule } from '../../sdk/attach/reconnect.ts';
import { WebSocketTransport } from '../../sdk/attach/websocket-transport.ts';
import { commandSucceeds } from '../../sdk/client/auto-run/command-succeeds.ts';
import { CodexError } from '../../sdk/errors/codex-error.ts';
import { ServerBusyError } from '../../sdk/errors/rpc-errors.ts';
import { Staging } from '../../sdk/files/staging.ts';
import { openHooks } from '../../sdk/hooks/open-hooks.ts';
import { Codex, type CodexConfig, retryOnOverload, tool, webSocket } from '../../sdk/index.ts';
import { restartPolicy } from '../../sdk/mcp/restart.ts';
import { McpSupervisor } from '../../sdk/mcp/supervisor.ts';
import { completed, item, startTurn, withThread } from '../../sdk/test-fixtures/connected-client.ts';
import { methods, oneOfEach } from '../../sdk/test-fixtures/every-method.ts';
import type { MemoryEngine } from '../../sdk/test-fixtures/memory-engine.ts';
import { goal, started, stored } from '../../sdk/test-fixtures/started-goal.ts';
import { runTool } from '../../sdk/tools/run-tool.ts';
import { numericProperties, publishedSources } from './find-limits.ts';
import { played, told } from './told.ts';
import { expectTime, pass, settle, stopClock, watched } from './virtual-clock.ts';

const root = join(import.meta.dirname, '../..');

// Waits of the SDK's own follow no fake clock; here they do.
vi.mock('../../sdk/host/real-timers.ts', async (original) => ({
  ...(await original<object>()),
  setTimeout: (...given: Parameters<typeof setTimeout>) => globalThis.setTimeout(...given),
  clearTimeout: (timer: NodeJS.Timeout) => globalThis.clearTimeout(timer),
}));

/** The socket of a connection that a server has agreed to. */
let socket: Duplex;
let asked: { timeoutMs: number; since: number } | undefined;
vi.mock('../../sdk/attach/upgrade.ts', async (original) => ({
  ...(await original<object>()),
  upgrade: async (_address: unknown, options: { timeoutMs: number; since: number }) => {
    asked = options;
    return { socket, head: Buffer.alloc(0) };
  },
}));

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const never = [0, 2 ** 31, Number.POSITIVE_INFINITY];
const silent = () => new Promise<never>(() => {});
const call = { threadId: 'th', turnId: 't', itemId: 'i' };

/** What answers a request of the engine only when its time is over. */
const handlerTime = (method: string, params: object, config: (ms: number | undefined) => CodexConfig) => () =>
  expectTime(
    async (ms) => {
      const { engine, codex } = await withThread(config(ms));
      engine.send({ id: 7, method, params });
      return { over: () => engine.peer.received.length > 0, end: () => codex.close() };
    },
    { never },
  );

/** How many turns there have been when a run is over. */
async function playTurns(engine: MemoryEngine, run: Promise<unknown>, text = 'no'): Promise<number> {
  const { over } = watched(run);
  let turns = 0;
  for (; ; turns += 1) {
    while (!over() && engine.peer.received.length === 0) await settle();
    if (over()) return turns;
    const id = `t${turns}`;
    expect(await engine.answer({ turn: { id } })).toMatchObject({ method: 'turn/start' });
    engine.send(item(text, id));
    engine.send(completed(id));
    if (turns > 30) throw new Error('no end');
  }
}

const until = () => false;
const report = { type: 'object', properties: { fine: { type: 'boolean' } }, required: ['fine'] } as const;

/** Sends the list calls of every method with a limit, and expects it in the request. */
async function expectOnWire(names: readonly string[], option: string, refused: readonly unknown[]): Promise<void> {
  const made = await oneOfEach();
  for (const name of names) {
    const method = methods(made)[name];
    if (!method) throw new Error(`no method ${name}`);
    const ask = async (given: unknown) => {
      const result = method.call(...([...method.good, { ...method.options, [option]: given }] as never[])) as
        | Promise<unknown>
        | AsyncGenerator;
      const asked = 'next' in result ? result.next() : result;
      asked.catch(() => {});
      return (await made.engine.answer({ data: [] })).params;
    };
    for (const given of [0, 1, 25, 4_294_967_295]) expect(await ask(given), name).toMatchObject({ [option]: given });
    for (const given of refused)
      expect(() => {
        const result = method.call(...([...method.good, { ...method.options, [option]: given }] as never[]));
        if (result instanceof Promise) result.catch(() => {});
        throw new TypeError(`${option} of ${name} was taken`);
      }, `${name} ${given}`).toThrow(`the option ${option}`);
  }
  await made.codex.close();
}

/** A test for each numeric option: just below, at and just above what it says. */
const rows: Readonly<Record<string, () => Promise<unknown>>> = {
  'CallOptions.timeoutMs': async () => {
    // What a call loads first would take no time of a clock that stands still. A connected client connects at once, and
    // one of a transport is not asked what it supports.
    await import('../../sdk/client/auto-run/auto-run.ts');
    const names = Object.entries(methods(await oneOfEach())).flatMap(([name, { rules }]) =>
      rules?.['timeoutMs'] && !['Codex.connect', 'Codex.supports'].includes(name) ? [name] : [],
    );
    expect(names.length).toBeGreaterThan(30);
    for (const name of names) {
      const made = await oneOfEach();
      const { call, good, options } = methods(made)[name] as ReturnType<typeof methods>[string];
      stopClock();
      const result = call(...([...good, { ...options, timeoutMs: 1000 }] as never[])) as
        | Promise<unknown>
        | AsyncGenerator;
      const { over, outcome } = watched('next' in result ? result.next() : result);
      await pass(999);
      expect(over(), name).toBe(false);
      await pass(1);
      const error = outcome() as { name: string; cause?: unknown };
      const timeout = error?.name === 'AutoRunError' ? error.cause : error;
      expect(timeout, name).toMatchObject({ name: 'TimeoutError', timeoutMs: 1000 });
      vi.useRealTimers();
      made.engine.peer.end();
      await made.codex.close();
    }
  },
  'CodexConfig.requestTimeoutMs': () =>
    expectTime(
      async (requestTimeoutMs) => {
        const { codex } = await withThread(requestTimeoutMs === undefined ? {} : { requestTimeoutMs });
        return { ...watched(codex.models()), end: () => codex.close() };
      },
      { byDefault: 600_000, never },
    ),
  'TimedHandler.timeoutMs': async () => {
    for (const [method, params, option] of [
      ['item/tool/requestUserInput', { ...call, questions: [] }, 'onUserInput'],
      ['mcpServer/elicitation/request', { ...call, serverName: 's' }, 'onElicitation'],
      ['item/permissions/requestApproval', { ...call, permissions: {} }, 'onPermissions'],
      ['account/chatgptAuthTokens/refresh', { reason: 'unauthorized' }, 'onTokenRefresh'],
    ] as const)
      await handlerTime(method, params, (timeoutMs) => ({ [option]: { handler: silent, timeoutMs } }))();
  },
  'ApprovalHandlers.timeoutMs': handlerTime('item/fileChange/requestApproval', call, (timeoutMs) => ({
    approvals: { handler: silent, timeoutMs },
  })),
  'ToolOptions.timeoutMs': () =>
    expectTime(
      async (timeoutMs) => {
        const slow = tool({
          name: 'slow',
          description: '',
          inputSchema: { type: 'object' },
          execute: silent,
          timeoutMs,
        });
        const context = { signal: new AbortController().signal, callId: 'c', threadId: 'th', turnId: 't' };
        return watched(runTool(slow, {}, context));
      },
      { byDefault: 600_000, never },
    ),
  'ToolOptions.concurrency': async () => {
    for (const concurrency of [1, 2, 3, undefined]) {
      let running = 0;
      const ends: (() => void)[] = [];
      const execute = async () => {
        running += 1;
        await new Promise<void>((resolve) => ends.push(resolve));
        running -= 1;
      };
      const some = tool({ name: 'some', description: '', inputSchema: { type: 'object' }, execute, concurrency });
      const context = { signal: new AbortController().signal, callId: 'c', threadId: 'th', turnId: 't' };
      const calls = [1, 2, 3, 4].map(() => runTool(some, {}, context));
      const most = concurrency ?? 4;
      for (let left = 4; left > 0; left -= 1) {
        // The first call loads what reads the schema.
        while (running < Math.min(most, left)) await settle();
        await settle();
        expect(running).toBe(Math.min(most, left));
        ends.shift()?.();
      }
      await Promise.all(calls);
    }
    for (const concurrency of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => tool({ name: 'x', description: '', inputSchema: {}, execute: silent, concurrency })).toThrow(
        'concurrency: expected a whole number, 1 or more',
      );
  },
  'HookOptions.timeoutMs': async () => {
    const seconds = async (...times: (number | undefined)[]) => {
      const opened = await openHooks({ stop: times.map((timeoutMs) => ({ handler: silent, timeoutMs })) });
      opened.fail(new Error('over'));
      const setting = opened.args.find((one) => one.includes('command=')) ?? '';
      return [/ stop (\d+)/.exec(setting)?.[1], /timeout=(\d+)/.exec(setting)?.[1]].map(Number);
    };
    // The relay waits 5 seconds longer than the hooks, and the engine 10 more. Both count in whole seconds.
    expect(await seconds(undefined)).toEqual([65, 75]);
    expect(await seconds(1000)).toEqual([6, 16]);
    expect(await seconds(1001)).toEqual([7, 17]);
    expect(await seconds(999)).toEqual([6, 16]);
    expect(await seconds(86_400_000)).toEqual([86_405, 86_415]);
    expect(await seconds(1000, 2000)).toEqual([8, 18]);
    for (const [given, ms] of [
      [1, 1],
      [1000, 1000],
      [undefined, 60_000],
    ] as const) {
      stopClock();
      let signal: AbortSignal | undefined;
      const handler = (_: unknown, context: { signal: AbortSignal }) => {
        signal = context.signal;
        return silent();
      };
      const opened = await openHooks({ stop: { handler, timeoutMs: given }, onError: () => {} });
      const relay = connect(String(opened.env.TWINPROOF_HOOK_SOCKET));
      const message = { token: opened.env.TWINPROOF_HOOK_TOKEN, event: 'stop', input: '{}' };
      relay.write(`${JSON.stringify(message)}\n`);
      while (!signal) await settle();
      await pass(ms - 1);
      expect(signal.aborted, `${given}`).toBe(false);
      await pass(1);
      expect(signal.aborted, `${given}`).toBe(true);
      opened.fail(new Error('over'));
      relay.destroy();
      vi.useRealTimers();
    }
    for (const timeoutMs of [0, -1, 86_400_001, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => new Codex({ hooks: { stop: { handler: silent, timeoutMs } } })).toThrow('the option hooks');
  },
  'StageOptions.maxBytes': async () => {
    const folder = mkdtempSync(join(tmpdir(), 'limits-'));
    const staging = new Staging(folder);
    try {
      const path = join(folder, 'file');
      const bytes = Buffer.from('€€€x');
      await writeFile(path, bytes);
      const sources = {
        path: () => path,
        bytes: () => bytes,
        blob: () => new Blob([bytes]),
        stream: () => new Blob([bytes]).stream() as ReadableStream<Uint8Array>,
        texts: async function* texts() {
          yield '€€';
          yield '€x';
        },
      };
      for (const [name, source] of Object.entries(sources)) {
        const stage = (maxBytes: number) => staging.stage(source() as never, { maxBytes });
        for (const most of [10, 11, Number.POSITIVE_INFINITY])
          expect(await stage(most), name).toMatchObject({ size: 10 });
        for (const most of [9, 0]) await expect(stage(most), name).rejects.toMatchObject({ reason: 'too-large' });
        expect(readdirSync(folder, { recursive: true }).filter((one) => String(one).includes('.part'))).toEqual([]);
      }
      const empty = () => staging.stage(new Uint8Array(), { maxBytes: 0 });
      expect(await empty()).toMatchObject({ size: 0 });
    } finally {
      await staging.close();
      rmSync(folder, { recursive: true });
    }
    const { codex } = await withThread();
    for (const maxBytes of [-1, Number.NaN])
      await expect(codex.files.stage(new Uint8Array(), { maxBytes })).rejects.toThrow('the option maxBytes');
    await codex.close();
  },
  'OutputOptions.repair': async () => {
    for (const repair of [undefined, 0, 1, 2, 3]) {
      const { engine, codex, thread } = await withThread();
      const run = thread.run('hi', { output: report, ...(repair !== undefined && { repair }) });
      expect(await playTurns(engine, run)).toBe(1 + (repair ?? 0));
      await expect(run).rejects.toMatchObject({ name: 'StructuredOutputError' });
      for (const wrong of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
        await expect(thread.run('hi', { output: report, repair: wrong })).rejects.toThrow('the option repair');
      await codex.close();
    }
  },
  'RetryOptions.maxAttempts': async () => {
    for (const maxAttempts of [undefined, 1, 2, 3, 4]) {
      let calls = 0;
      const operation = () => {
        calls += 1;
        throw new ServerBusyError(-32001, 'busy');
      };
      const options = { initialDelayMs: 0, ...(maxAttempts !== undefined && { maxAttempts }) };
      await expect(retryOnOverload(operation, options)).rejects.toThrow('busy');
      expect(calls).toBe(maxAttempts ?? 3);
    }
    for (const maxAttempts of [0, -1, 0.9, Number.NaN])
      await expect(retryOnOverload(silent, { maxAttempts })).rejects.toThrow(/maxAttempts/);
  },
  'RetryOptions.initialDelayMs': () =>
    expectTime(async (initialDelayMs) => retrying({ maxDelayMs: Number.POSITIVE_INFINITY, initialDelayMs }), {
      byDefault: 250,
      atOnce: [0],
      never: [2 ** 31, 2 ** 60],
    }),
  'RetryOptions.maxDelayMs': () =>
    expectTime(async (maxDelayMs) => retrying({ initialDelayMs: 2 ** 40, maxDelayMs }), {
      byDefault: 2000,
      atOnce: [0],
      never: [2 ** 31, Number.POSITIVE_INFINITY],
    }),
  'RetryOptions.jitterRatio': async () => {
    for (const [jitterRatio, random, ms] of [
      [undefined, 0, 800],
      [undefined, 1, 1200],
      [0, 0, 1000],
      [0.5, 0, 500],
      [0.5, 0.5, 1000],
      [1, 1, 2000],
    ] as const) {
      stopClock();
      const { over } = retrying({
        initialDelayMs: 1000,
        random: () => random,
        ...(jitterRatio !== undefined && { jitterRatio }),
      });
      await pass(ms - 1);
      expect(over(), `${jitterRatio}`).toBe(false);
      await pass(1);
      expect(over(), `${jitterRatio}`).toBe(true);
      vi.useRealTimers();
    }
    for (const [option, wrong] of [
      ['initialDelayMs', Number.NaN],
      ['initialDelayMs', Number.POSITIVE_INFINITY],
      ['maxDelayMs', Number.NaN],
      ['jitterRatio', Number.NaN],
      ['jitterRatio', Number.POSITIVE_INFINITY],
    ] as const)
      await expect(retryOnOverload(silent, { [option]: wrong })).rejects.toThrow(`the option ${option}`);
  },
  'ReconnectPolicy.attempts': async () => {
    for (const attempts of [undefined, 1, 2, 6]) {
      stopClock();
      const { over, tried } = reconnecting({
        backoffMs: 1,
        maxBackoffMs: 1,
        ...(attempts !== undefined && { attempts }),
      });
      for (let number = 1; number <= (attempts ?? 5); number += 1) {
        await settle();
        expect(over()).toBe(false);
        await pass(1);
        expect(tried()).toBe(number);
      }
      expect(over()).toBe(true);
      vi.useRealTimers();
    }
    for (const attempts of [0, -1, 1.5, Number.NaN])
      expect(() => reconnectRule.accepts({ attempts })).toThrow('the option attempts');
  },
  'ReconnectPolicy.backoffMs': async () => {
    await expectTime(
      async (backoffMs) => {
        const { tried } = reconnecting({ maxBackoffMs: Number.POSITIVE_INFINITY, backoffMs });
        return { over: () => tried() > 0 };
      },
      { byDefault: 250, never: [2 ** 31, Number.POSITIVE_INFINITY] },
    );
    stopClock();
    const { tried } = reconnecting({ backoffMs: 100, attempts: 4 });
    for (const [at, wait] of [100, 200, 400, 800].entries()) {
      await pass(wait - 1);
      expect(tried()).toBe(at);
      await pass(1);
      expect(tried()).toBe(at + 1);
    }
  },
  'ReconnectPolicy.maxBackoffMs': () =>
    expectTime(
      async (maxBackoffMs) => {
        const { tried } = reconnecting({ backoffMs: 2 ** 40, maxBackoffMs });
        return { over: () => tried() > 0 };
      },
      { byDefault: 10_000, never: [2 ** 31, Number.POSITIVE_INFINITY] },
    ),
  'AttachOptions.connectTimeoutMs': async () => {
    await expectTime(
      async (connectTimeoutMs) => {
        const transport = socketTransport({ token: silent, connectTimeoutMs });
        return { ...watched(transport.open(unheard)), end: () => transport.close() };
      },
      { byDefault: 10_000, never },
    );
    stopClock();
    // What the token took is not given again.
    let give = (_: string) => {};
    const token = () =>
      new Promise<string>((resolve) => {
        give = resolve;
      });
    const transport = socketTransport({ token, connectTimeoutMs: 1000 });
    const since = performance.now();
    const opening = transport.open(unheard);
    await pass(400);
    give('x');
    await opening;
    expect(asked).toMatchObject({ timeoutMs: 1000, since });
    await closeSocket(transport);
    for (const connectTimeoutMs of [-1, Number.NaN])
      expect(() => webSocket('ws://127.0.0.1:1', { connectTimeoutMs })).toThrow('connectTimeoutMs must be');
  },
  'AttachOptions.heartbeatMs': async () => {
    // A ping after so long, and the end after as long again.
    await expectTime(
      async (heartbeatMs) => {
        const transport = socketTransport({ heartbeatMs });
        let pings = 0;
        socket.on('written', () => {
          pings += 1;
        });
        await transport.open(unheard);
        return { over: () => pings > 0, end: () => closeSocket(transport) };
      },
      { byDefault: 30_000, never },
    );
    await expectTime(
      async (heartbeatMs) => {
        const transport = socketTransport({ heartbeatMs });
        let over = false;
        await transport.open({ ...unheard, onClosed: () => (over = true) });
        await pass(heartbeatMs ?? 30_000);
        return { over: () => over, end: () => closeSocket(transport) };
      },
      { byDefault: 30_000 },
    );
    for (const heartbeatMs of [-1, Number.NaN])
      expect(() => webSocket('ws://127.0.0.1:1', { heartbeatMs })).toThrow('heartbeatMs must be');
  },
  'GoalOptions.startTimeoutMs': async () => {
    await expectTime(
      async (startTimeoutMs) => {
        const { engine, codex, thread } = await withThread();
        const starting = thread.startGoal('win', { startTimeoutMs });
        await engine.answer(stored);
        await engine.answer({ cleared: false });
        await engine.answer({ goal: {} });
        engine.send(goal('active'));
        starting.catch(() => {});
        const over = () => engine.peer.received.length > 0;
        return { over, end: () => codex.close() };
      },
      { byDefault: 30_000, never },
    );
    const { codex, thread } = await withThread();
    for (const startTimeoutMs of [-1, Number.NaN])
      await expect(thread.startGoal('win', { startTimeoutMs })).rejects.toThrow('startTimeoutMs');
    await codex.close();
  },
  'GoalOptions.tokenBudget': async () => {
    for (const tokenBudget of [undefined, null, 0, 1, 5000]) {
      const { engine, codex, thread } = await withThread();
      const starting = thread.startGoal('win', { tokenBudget });
      await engine.answer(stored);
      await engine.answer({ cleared: false });
      const { params } = await engine.answer({ goal: {} });
      expect(params?.['tokenBudget']).toBe(tokenBudget ?? undefined);
      engine.send(goal('active'));
      engine.send(started('a'));
      await starting;
      await codex.close();
    }
    const { codex, thread } = await withThread();
    for (const tokenBudget of [Number.NaN, Number.POSITIVE_INFINITY])
      await expect(thread.startGoal('win', { tokenBudget })).rejects.toThrow('the option tokenBudget');
    await codex.close();
  },
  'McpStatusOptions.limit': () => expectOnWire(['Mcp.status'], 'limit', []),
  'AttachmentListOptions.limit': () => expectOnWire(['Thread.attachments', 'Codex.attachmentOwners'], 'limit', []),
  'TurnListOptions.limit': () => expectOnWire(['Thread.turns'], 'limit', []),
  'ItemListOptions.limit': () => expectOnWire(['Thread.items'], 'limit', []),
  'ThreadListOptions.limit': () => expectOnWire(['Codex.threadList', 'Codex.threads'], 'limit', []),
  'McpLoginOptions.loginTimeoutMs': async () => {
    for (const [loginTimeoutMs, timeoutSecs] of [
      [undefined, undefined],
      [0, 0],
      [1, 1],
      [999, 1],
      [1000, 1],
      [1001, 2],
      [600_000, 600],
    ] as const) {
      const { engine, codex } = await withThread();
      const login = codex.mcp.login('docs', { loginTimeoutMs });
      expect((await engine.answer({ authorizationUrl: 'u' })).params?.['timeoutSecs']).toBe(timeoutSecs);
      await login;
      for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY])
        await expect(codex.mcp.login('docs', { loginTimeoutMs: wrong })).rejects.toThrow('loginTimeoutMs must be');
      await codex.close();
    }
  },
  'AnyMcpServer.startupTimeoutMs': () => expectSeconds('startupTimeoutMs', 'startup_timeout_sec'),
  'AnyMcpServer.toolTimeoutMs': () => expectSeconds('toolTimeoutMs', 'tool_timeout_sec'),
  'AutoRunOptions.maxTurns': async () => {
    for (const maxTurns of [undefined, 1, 2, 11]) {
      const { engine, codex, thread } = await withThread();
      const run = thread.autoRun({ input: 'hi', until, ...(maxTurns !== undefined && { maxTurns }) });
      expect(await playTurns(engine, run)).toBe(maxTurns ?? 10);
      const before = await run;
      expect(before).toMatchObject({ stoppedBy: 'maxTurns', turnCount: maxTurns ?? 10 });
      // Those before a resume count.
      const further = thread.autoRun({ until, resume: before, maxTurns: before.turnCount + 1 });
      expect(await playTurns(engine, further)).toBe(1);
      for (const wrong of [0, -1, 1.5, Number.NaN])
        await expect(thread.autoRun({ input: 'hi', until, maxTurns: wrong })).rejects.toThrow('the option maxTurns');
      await codex.close();
    }
  },
  'AutoRunOptions.maxTokens': async () => {
    for (const [maxTokens, turns] of [
      [1, 1],
      [99, 1],
      [100, 1],
      [101, 2],
      [200, 2],
      [201, 3],
    ] as const) {
      const { engine, codex, thread } = await withThread();
      const run = thread.autoRun({ input: 'hi', until, maxTokens });
      const { over } = watched(run);
      let played = 0;
      let interrupted = 0;
      for (;;) {
        while (!over() && engine.peer.received.length === 0) await settle();
        if (over()) break;
        const request = await engine.next();
        if (request.method === 'turn/interrupt') {
          interrupted += 1;
          engine.send({ id: request.id, result: {} });
          engine.send(completed(`t${played}`, 'interrupted'));
          continue;
        }
        played += 1;
        engine.send({ id: request.id, result: { turn: { id: `t${played}` } } });
        const breakdown = (totalTokens: number) => ({ inputTokens: totalTokens, outputTokens: 0, totalTokens });
        const tokenUsage = { total: breakdown(100 * played), last: breakdown(100) };
        engine.notify('thread/tokenUsage/updated', { threadId: 'th', turnId: `t${played}`, tokenUsage });
        await settle();
        if (engine.peer.received.length === 0) engine.send(completed(`t${played}`));
      }
      // The request that reaches it is the last of its turn, too.
      expect([(await run).stoppedBy, played, interrupted], `${maxTokens}`).toEqual(['maxTokens', turns, 1]);
      for (const wrong of [0, -1, Number.NaN])
        await expect(thread.autoRun({ input: 'hi', until, maxTokens: wrong })).rejects.toThrow('the option maxTokens');
      await codex.close();
    }
  },
  'AutoRunOptions.maxMs': async () => {
    for (const durationMs of [0, 400])
      await expectTime(
        async (maxMs = 0) => {
          const { engine, codex, thread } = await withThread();
          const usage = { totalTokens: 0 } as never;
          const resume = { threadId: 'th', turnCount: 1, usage, durationMs, next: null };
          const run = thread.autoRun({ input: 'hi', until, resume, maxMs: maxMs + durationMs });
          run.catch(() => {});
          await engine.answer({ turn: { id: 't' } });
          engine.notify('turn/started', { threadId: 'th', turn: { id: 't' } });
          return { over: () => engine.peer.received.length > 0, end: () => codex.close() };
        },
        { never: [2 ** 31, Number.POSITIVE_INFINITY] },
      );
    const { codex, thread } = await withThread();
    for (const maxMs of [0, -1, Number.NaN])
      await expect(thread.autoRun({ input: 'hi', until, maxMs })).rejects.toThrow('the option maxMs');
    await codex.close();
  },
  'McpRestartPolicy.max': async () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    for (const max of [undefined, 0, 1, 2, 4]) {
      const { crash, told, close } = supervised({ backoffMs: 0, checkEveryMs: 0, ...(max !== undefined && { max }) });
      for (let starts = 0; starts < (max ?? 3); starts += 1) {
        await crash();
        expect(told.at(-1)).toMatchObject({ type: 'restarting', attempt: starts + 1 });
      }
      await crash();
      expect(told.at(-1)).toMatchObject({ type: max === 0 ? 'crashed' : 'givenUp' });
      close();
    }
  },
  'McpRestartPolicy.backoffMs': async () => {
    await expectTime(
      async (backoffMs) => {
        const { crash, reloads, close } = supervised({ checkEveryMs: 0, backoffMs });
        await crash();
        return { over: () => reloads() > 0, end: close };
      },
      { byDefault: 500, atOnce: [0], most: 60_000 },
    );
    for (const [backoffMs, waits] of [
      [100, [100, 200, 400, 800]],
      [40_000, [40_000, 60_000, 60_000]],
      [60_001, [60_000]],
    ] as const) {
      stopClock();
      const { crash, reloads, close } = supervised({ backoffMs, checkEveryMs: 0, max: 9 });
      for (const [at, wait] of waits.entries()) {
        await crash();
        await pass(wait - 1);
        expect(reloads()).toBe(at);
        await pass(1);
        expect(reloads()).toBe(at + 1);
      }
      close();
      vi.useRealTimers();
    }
  },
  'McpRestartPolicy.checkEveryMs': () =>
    expectTime(
      async (checkEveryMs) => {
        const { asked, close } = supervised(checkEveryMs === undefined ? {} : { checkEveryMs });
        return { over: () => asked() > 0, end: close };
      },
      { byDefault: 5000, never: [0] },
    ),
  'CodexConfig.unreadLimit': async () => {
    const delta = (text: string) => ({ method: 'item/agentMessage/delta', params: { ...call, delta: text } });
    const size = JSON.stringify(delta('abcd')).length;
    const read = async (unreadLimit: number) => {
      const { engine, codex, thread } = await withThread({ unreadLimit });
      const { handle } = await startTurn(engine, thread);
      const stream = handle.stream();
      for (const text of ['aaaa', 'bbbb', 'cccc']) engine.send(delta(text));
      const first = await stream.next().catch((error: unknown) => error);
      await codex.close();
      return first;
    };
    const weight = 3 * (size + 500);
    for (const most of [weight, weight + 1, Number.POSITIVE_INFINITY])
      expect(await read(most)).toMatchObject({ value: { payload: { delta: 'aaaa' } } });
    for (const most of [weight - 1, 1, 0]) expect(await read(most)).toMatchObject({ kind: 'lagging' });
    // Notifications of no turn: characters alone, and the oldest go.
    const warning = (summary: string) => ({ method: 'configWarning', params: { summary, details: null } });
    const length = JSON.stringify(warning('aa')).length;
    for (const [most, dropped] of [
      [2 * length + 1, 1],
      [2 * length, 1],
      [2 * length - 1, 2],
      [3 * length, 0],
    ] as const) {
      const { engine, codex } = await withThread({ unreadLimit: most });
      for (const summary of ['aa', 'bb', 'cc']) engine.send(warning(summary));
      await settle();
      expect(codex.droppedNotifications, `${most}`).toBe(dropped);
      expect(await codex.nextNotification()).toMatchObject({ payload: { summary: ['aa', 'bb', 'cc'][dropped] } });
      await codex.close();
    }
    await expectRefusedLimit('unreadLimit');
  },
  'CodexConfig.unsentLimit': async () => {
    // Nobody takes what is sent: each call leaves its line there.
    const leave = async (unsentLimit: number) => {
      const { engine, codex } = await withThread({ unsentLimit });
      const archive = (threadId: string) => watched(codex.threadArchive(threadId));
      archive('one');
      await settle();
      const { length } = engine.peer.received[0] as string;
      const second = archive('two');
      await settle();
      const sent = engine.peer.received.length;
      await codex.close();
      return { length, sent, outcome: second.outcome() };
    };
    const { length } = await leave(2 ** 20);
    for (const most of [length, length + 1, Number.POSITIVE_INFINITY])
      expect((await leave(most)).sent, `${most}`).toBe(2);
    for (const most of [length - 1, 1]) {
      const { sent, outcome } = await leave(most);
      expect([sent, outcome]).toMatchObject([1, { kind: 'not-reading', unsentBytes: length, limitBytes: most }]);
    }
    await expectRefusedLimit('unsentLimit');
    // Answers have twice the room; then the connection ends.
    for (const [most, ends] of [
      [length / 2, false],
      [(length - 1) / 2, true],
    ] as const) {
      const { engine, codex } = await withThread({ unsentLimit: most });
      const waiting = watched(codex.threadArchive('one'));
      await settle();
      engine.send({ id: 1, method: 'currentTime/read', params: {} });
      await settle();
      expect(waiting.over()).toBe(ends);
      await codex.close();
    }
  },
};

/** Options that a test of another kind tries. */
const elsewhere: Readonly<Record<string, string>> = {
  'CodexProviderOptions.toolTimeoutMs':
    'testing/bridges/ai-sdk.test.ts › toolTimeoutMs is the time for the results of tools',
  'CommandSucceedsOptions.timeoutMs':
    'sdk/client/auto-run/command-succeeds.process.test.ts › the time is counted in milliseconds, from the start',
  'CommandSucceedsOptions.outputLimit':
    'sdk/client/auto-run/command-succeeds.process.test.ts › of an output the last characters are told, and as many as the limit says',
  'Tool.timeoutMs': 'scripts/limits/options.test.ts › ToolOptions.timeoutMs',
  'Tool.concurrency': 'scripts/limits/options.test.ts › ToolOptions.concurrency',
  'AutoRunState.turnCount': 'scripts/limits/options.test.ts › AutoRunOptions.maxTurns',
  'AutoRunState.durationMs': 'scripts/limits/options.test.ts › AutoRunOptions.maxMs',
};

test.each(Object.entries(rows))('%s', async (_, row) => void (await row()));

test('every number of an exported type is an option that is tried, or one that is told', async () => {
  const found = numericProperties(publishedSources(root)).map(({ name }) => name);
  const known = [...Object.keys(rows), ...Object.keys(elsewhere), ...told, ...played];
  expect(
    found.filter((name) => !known.includes(name)),
    'numbers without a row: try them in scripts/limits/options.test.ts, or list them in scripts/limits/told.ts',
  ).toEqual([]);
  expect(
    known.filter((name) => !found.includes(name)),
    'rows without a number',
  ).toEqual([]);
  for (const [name, place] of Object.entries(elsewhere)) {
    const [file = '', title = ''] = place.split(' › ');
    expect(await readFile(join(root, file), 'utf8'), name).toContain(title);
  }
});

/** A call that is refused once, and what becomes of it. */
function retrying(options: object) {
  let calls = 0;
  const operation = () => {
    calls += 1;
    if (calls === 1) throw new ServerBusyError(-32001, 'busy');
  };
  const steady = { random: () => 0.5, maxAttempts: 2 };
  return watched(retryOnOverload(operation, { ...steady, ...options }));
}

const unheard = { onLine: () => {}, onClosed: () => {} };

/** Connections that fail, all of them. */
function reconnecting(policy: ReconnectPolicy) {
  let tried = 0;
  const factory = () => ({
    open: async () => {
      tried += 1;
      throw new CodexError('nobody', { retryable: true });
    },
    send: () => {},
    close: async () => {},
    setKeepsAlive: () => {},
  });
  const given = Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
  return { ...watched(new ReconnectingTransport(factory, given, 0).open(unheard)), tried: () => tried };
}

function socketTransport(options: object) {
  socket = Object.assign(new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() }), {
    setNoDelay: () => {},
    setTimeout: () => {},
    ref: () => {},
    unref: () => {},
  });
  const heard = socket.write.bind(socket);
  socket.write = ((chunk: Buffer) => {
    socket.emit('written', chunk);
    return heard(chunk);
  }) as typeof socket.write;
  return new WebSocketTransport({ kind: 'unix', path: '/none' }, options as never);
}

async function closeSocket(transport: WebSocketTransport): Promise<void> {
  const closing = transport.close();
  socket.destroy();
  await closing;
}

async function expectSeconds(option: string, setting: string): Promise<void> {
  const { engine, codex } = await withThread();
  for (const [ms, seconds] of [
    [0, 0],
    [1, 0.001],
    [1000, 1],
    [1500, 1.5],
    [90_000, 90],
  ] as const) {
    const starting = codex.threadStart({ mcpServers: { lab: { command: 'x', [option]: ms } } });
    const { params } = await engine.answer({ thread: { id: 'other' } });
    expect(params).toMatchObject({ config: { mcp_servers: { lab: { [setting]: seconds } } } });
    await starting;
  }
  for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    await expect(codex.threadStart({ mcpServers: { lab: { command: 'x', [option]: wrong } } })).rejects.toThrow(
      `the option ${option} of the MCP server lab: expected a number of milliseconds`,
    );
  await codex.close();
}

/** A supervised server `lab` of a thread, which runs. */
function supervised(policy: object) {
  const told: object[] = [];
  let reloads = 0;
  let asked = 0;
  const supervisor = new McpSupervisor({
    tell: (event) => void told.push(event),
    request: async (method) => {
      if (method === 'config/mcpServer/reload') {
        reloads += 1;
        return {};
      }
      asked += 1;
      return { data: [{ name: 'lab', runtimeStatus: 'failed' }], nextCursor: null };
    },
  });
  supervisor.watch('th', new Map([['lab', restartPolicy(policy)]]));
  const ready = () =>
    supervisor.see('x', { threadId: 'th' }, { type: 'ready', server: 'lab', threadId: 'th' } as never);
  const crash = async () => {
    ready();
    supervisor.suspect('th');
    await settle();
  };
  return { told, reloads: () => reloads, asked: () => asked, crash, close: () => supervisor.close() };
}

async function expectRefusedLimit(name: 'unreadLimit' | 'unsentLimit'): Promise<void> {
  expect(() => new Codex({ [name]: Number.NaN })).toThrow(`the option ${name}`);
  const codex = new Codex({ [name]: -1, transport: () => ({}) as never });
  await expect(codex.connect()).rejects.toThrow(`CodexConfig.${name} must be a number`);
  await codex.close();
}

test('what commandSucceeds is given is checked', () => {
  for (const [option, wrong] of [
    ['timeoutMs', -1],
    ['timeoutMs', Number.NaN],
    ['outputLimit', -1],
    ['outputLimit', Number.NaN],
  ] as const)
    expect(() => commandSucceeds('x', [], { [option]: wrong })).toThrow(option);
});
