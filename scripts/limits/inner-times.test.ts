import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { Codex as ExecCodex } from '../../sdk/exec/codex.ts';
import { ExecProcess } from '../../sdk/exec/exec-process.ts';
import { OutputReader } from '../../sdk/exec/output-reader.ts';
import { remoteEnv } from '../../sdk/exec/remote.ts';
import { startDeadline } from '../../sdk/host/deadline.ts';
import { withThread } from '../../sdk/test-fixtures/connected-client.ts';
import { withGoal } from '../../sdk/test-fixtures/started-goal.ts';
import { afterQuiet } from '../../sdk/transport/after-quiet.ts';
import { EngineProcesses } from '../../sdk/transport/engine-processes.ts';
import { runToEnd } from '../../sdk/transport/run-to-end.ts';
import { StdioTransport } from '../../sdk/transport/stdio.ts';
import { pass, settle, stopClock, watched } from './virtual-clock.ts';

// Waits of the SDK's own follow no fake clock; here they do.
vi.mock('../../sdk/host/real-timers.ts', async (original) => ({
  ...(await original<object>()),
  setTimeout: (...given: Parameters<typeof setTimeout>) => globalThis.setTimeout(...given),
  clearTimeout: (timer: NodeJS.Timeout) => globalThis.clearTimeout(timer),
}));
vi.mock('node:perf_hooks', () => ({ performance: { now: () => globalThis.performance.now() } }));

/** A process that does nothing of its own; what it is sent is kept. */
class StubbornChild extends EventEmitter {
  readonly pid = 4_000_000;
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly stdio = [this.stdin, this.stdout, this.stderr];
  readonly signals: unknown[] = [];
  exitCode: number | null = null;
  signalCode: string | null = null;

  constructor() {
    super();
    process.nextTick(() => this.emit('spawn'));
  }
  kill(signal: unknown): boolean {
    this.signals.push(signal);
    return true;
  }
  ref(): void {}
  unref(): void {}
  exit(code: number | null, signal: string | null = null): void {
    this.exitCode = code;
    this.signalCode = signal;
    this.emit('exit', code, signal);
  }
}

let child: StubbornChild;
let helpOptions: { timeout?: number; killSignal?: unknown } = {};
/** What becomes of the engine that should print its help. */
let helpError: Error | null = null;
vi.mock('node:child_process', async (original) => ({
  ...(await original<object>()),
  spawn: () => {
    child = new StubbornChild();
    return child;
  },
  execFile: (_bin: string, _args: string[], options: object, done: (error: Error | null, stdout: string) => void) => {
    helpOptions = options;
    const error = helpError;
    process.nextTick(() => done(error, error ? '' : '  --remote <URL>'));
    return new StubbornChild() as unknown as ChildProcess;
  },
}));
/** Processes of the machine that nothing ends. */
let left: object[] = [];
vi.mock('../../sdk/transport/process-list.ts', () => ({
  listProcesses: async () => left.slice(),
  isSame: async () => true,
}));
const killed: unknown[] = [];
vi.spyOn(process, 'kill').mockImplementation((_pid, signal) => {
  killed.push(signal);
  return true;
});

afterEach(() => {
  vi.useRealTimers();
  left = [];
  killed.length = 0;
});

const launch = { command: 'codex', args: [], cwd: undefined, env: {}, detached: false };

/** Expects that it comes to this after so much time, and not a millisecond before. */
async function expectAfter(ms: number, seen: () => unknown, before: unknown, after: unknown): Promise<void> {
  await settle();
  await pass(ms - 1);
  expect(seen()).toEqual(before);
  await pass(1);
  expect(seen()).toEqual(after);
}

test('an exec engine has 3 seconds after SIGINT, and 1 after SIGTERM', async () => {
  const engine = await ExecProcess.start(launch, 'hi');
  stopClock();
  const { over } = watched(engine.close());
  const signals = () => [...child.signals];
  await expectAfter(3000, signals, ['SIGINT'], ['SIGINT', 'SIGTERM']);
  await expectAfter(1000, signals, ['SIGINT', 'SIGTERM'], ['SIGINT', 'SIGTERM', 'SIGKILL']);
  child.exit(null, 'SIGKILL');
  await settle();
  expect([over(), vi.getTimerCount()]).toEqual([true, 0]);
});

test('the pipes of an exec engine that has exited are read for half a second of silence', async () => {
  const stream = new PassThrough();
  let exit = () => {};
  const reader = new OutputReader(
    stream,
    new Promise<void>((resolve) => {
      exit = resolve;
    }),
  );
  stopClock();
  const first = watched(reader.next());
  exit();
  await settle();
  await pass(499);
  stream.write('late');
  await settle();
  expect(String(first.outcome())).toBe('late');
  const second = watched(reader.next());
  await expectAfter(500, second.over, false, true);
  expect(second.outcome()).toBe(undefined);

  vi.useRealTimers();
  const engine = await ExecProcess.start(launch, 'hi');
  stopClock();
  const { over } = watched(engine.ended());
  child.exit(0);
  await expectAfter(500, over, false, true);
});

test('an engine has 2 seconds after SIGTERM', async () => {
  const transport = new StdioTransport(launch as never, true);
  await transport.open({ onLine: () => {}, onClosed: () => {} });
  stopClock();
  const { over } = watched(transport.close());
  await expectAfter(2000, () => child.signals, ['SIGTERM'], ['SIGTERM', 'SIGKILL']);
  child.exit(null, 'SIGKILL');
  // A process that it has left behind holds the pipes.
  await expectAfter(500, over, false, true);
});

test.each(['stdout', 'stdin'])('an engine whose %s is closed is given up after half a second', async (pipe) => {
  const transport = new StdioTransport(launch as never, true);
  const causes: Error[] = [];
  await transport.open({ onLine: () => {}, onClosed: (cause) => causes.push(cause) });
  stopClock();
  if (pipe === 'stdout') child.stdout.destroy();
  else child.stdin.emit('error', new Error('EPIPE'));
  await expectAfter(500, () => causes.length, 0, 1);
  expect(causes[0]?.message).toContain(`Codex process closed ${pipe}`);
  child.exit(0);
  await pass(500);
});

test('what an engine has started has 200 ms to end by itself, and 2 seconds after SIGTERM; after 2 more it is left', async () => {
  const processes = new EngineProcesses();
  const environment = String(Object.values(processes.marked({}))[0]);
  left = [{ pid: 3_999_999, parent: 1, start: 's', environment }];
  stopClock();
  const { over } = watched(processes.endAll());
  // It looks every 10 ms.
  await settle();
  for (let at = 0; at < 190; at += 10) await pass(10);
  expect(killed).toEqual([]);
  await pass(10);
  expect(killed).toEqual(['SIGTERM']);
  for (let at = 0; at < 1990; at += 10) await pass(10);
  expect(killed).toEqual(['SIGTERM']);
  await pass(10);
  expect(killed).toEqual(['SIGTERM', 'SIGKILL']);
  for (let at = 0; at < 2000; at += 10) await pass(10);
  expect(over()).toBe(false);
  await pass(10);
  expect([over(), vi.getTimerCount()]).toEqual([true, 0]);
});

test('a program that is run to its end has its time', async () => {
  stopClock();
  const { over, outcome } = watched(runToEnd(launch, 30_000, new AbortController().signal));
  await settle();
  await expectAfter(30_000, () => child.signals, [], ['SIGKILL']);
  child.exit(null, 'SIGKILL');
  await settle();
  expect([over(), String(outcome())]).toEqual([true, 'Error: codex did not end within 30000 ms']);
});

test('an exec engine has half a minute to print its help', async () => {
  expect(await remoteEnv({ bin: 'codex' } as never, { remote: 'unix:///x' }, {})).toEqual({});
  expect(helpOptions).toMatchObject({ timeout: 30_000, killSignal: 'SIGKILL' });
  expect(new ExecCodex({ codexPathOverride: 'codex' })).toBeDefined();
});

test('an exec engine that did not print its help in time is asked again by the next run', async () => {
  const engine = { bin: 'codex' } as never;
  helpError = Object.assign(new Error('killed'), { killed: true });
  await expect(remoteEnv(engine, { remote: 'unix:///x' }, {})).rejects.toThrow(
    'codex did not print its help within 30000 ms',
  );
  helpError = null;
  expect(await remoteEnv(engine, { remote: 'unix:///x' }, {})).toEqual({});
});

test('quiet is so long without a byte', async () => {
  stopClock();
  let read = 0;
  let done = 0;
  afterQuiet(
    100,
    () => read,
    () => {
      done += 1;
    },
  );
  await expectAfter(100, () => done, 0, 1);
  afterQuiet(
    100,
    () => read,
    () => {
      done += 1;
    },
  );
  vi.advanceTimersByTime(100);
  read += 1;
  await settle();
  expect(done).toBe(1);
  await expectAfter(100, () => done, 1, 2);
  const cancel = afterQuiet(
    100,
    () => read,
    () => expect.unreachable(),
  );
  cancel();
  await pass(1000);
});

test('a goal that is given up has 10 seconds for each of its requests', async () => {
  const { engine, codex, handle } = await withGoal();
  stopClock();
  const abort = new AbortController();
  const { over } = watched(handle.run({ signal: abort.signal }));
  await settle();
  abort.abort();
  await settle();
  expect(await engine.next()).toMatchObject({ method: 'thread/goal/set', params: { status: 'paused' } });
  await expectAfter(10_000, () => engine.peer.received.length, 0, 1);
  expect(await engine.next()).toMatchObject({ method: 'turn/interrupt' });
  await pass(10_000);
  await settle();
  expect(over()).toBe(true);
  vi.useRealTimers();
  engine.peer.end();
  await codex.close();
});

test('an automatic run that is stopped waits 12 seconds for the end of its turn', async () => {
  const { engine, codex, thread } = await withThread();
  await import('../../sdk/client/auto-run/auto-run.ts');
  stopClock();
  const abort = new AbortController();
  const { over } = watched(thread.autoRun({ input: 'hi', until: () => false, signal: abort.signal }));
  await settle();
  await engine.answer({ turn: { id: 't' } });
  engine.notify('turn/started', { threadId: 'th', turn: { id: 't' } });
  await settle();
  abort.abort();
  await settle();
  expect(await engine.answer({})).toMatchObject({ method: 'turn/interrupt' });
  await expectAfter(12_000, over, false, true);
  vi.useRealTimers();
  engine.peer.end();
  await codex.close();
});

test('a deadline that has passed already is over at once, as far as a timer goes', async () => {
  stopClock();
  let over = false;
  startDeadline(1000, performance.now() - 1000, () => {
    over = true;
  });
  await pass(1);
  expect(over).toBe(true);
});
