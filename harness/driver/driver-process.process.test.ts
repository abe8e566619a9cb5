import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ObservationLine } from '../observation/types.ts';
import { DriverProcess, type DriverProcessOptions, runBudgetMs } from './driver-process.ts';
import type { RunMessage } from './protocol.ts';

const fixture = fileURLToPath(new URL('test-fixtures/fake-driver.mjs', import.meta.url));
const opened: DriverProcess[] = [];
const pids: number[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((driver) => driver.close()));
  for (const pid of pids.splice(0)) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

function open(start = 'good', options: Partial<DriverProcessOptions> = {}): DriverProcess {
  const command = { client: 'ts', file: process.execPath, args: [fixture, start] };
  const driver = new DriverProcess({ ...command, env: { ONLY: 'this' }, ...options });
  opened.push(driver);
  return driver;
}

function message(id: string): RunMessage {
  const scenario = { id, title: id, family: 'app-server' as const, covers: [], steps: [] };
  return { type: 'run', run: `run of ${id}`, scenario, codexBin: '/c', env: {}, workspace: '/w', control: 'http://x' };
}

async function pidOf(driver: DriverProcess): Promise<number> {
  let pid = 0;
  await driver.run(message('pid'), (line) => {
    if (line.ch === 'mark') pid = Number(line.mark);
  });
  pids.push(pid);
  return pid;
}

describe('a good driver', () => {
  test('says hello, and its lines come whole and in order, with no environment but the given', async () => {
    // Node hands its own measuring on to each program.
    vi.stubEnv('NODE_V8_COVERAGE', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    const driver = open();
    expect(await driver.start()).toMatchObject({ client: 'ts', capabilities: ['sdk'] });
    const lines: ObservationLine[] = [];
    const outcome = await driver.run(message('good'), (line) => lines.push(line));
    expect(outcome).toEqual({ outcome: 'done', tainted: false, notes: ['n'], stderrTail: '' });
    expect(lines).toEqual([
      { t: 1, ch: 'end', lane: 'main', op: '\u2028é'.repeat(50_000) },
      { t: 2, ch: 'result', lane: 'main', op: 'env', value: ['ONLY'] },
    ]);
  });

  test('serves the next run in the same process, and ends with close', async () => {
    const driver = open();
    expect(await pidOf(driver)).toBe(await pidOf(driver));
    await driver.close();
    await expect(driver.run(message('good'), () => undefined)).rejects.toThrow('driver ts is closed');
  });

  test('is asked one run at a time', async () => {
    const driver = open();
    const first = driver.run(message('good'), () => undefined);
    await expect(driver.run(message('pid'), () => undefined)).rejects.toThrow('while another is under way');
    expect((await first).outcome).toBe('done');
  });
});

describe('each way to go wrong is told, and the next run has a new process', () => {
  test.each([
    ['dies', 'died', 'driver ts exited with code 7', 'last words'],
    [
      'garbage',
      'died',
      'driver ts wrote to stdout what is not JSON: "print(\\"stray\\")"; stdout is for messages alone, so print diagnostics to stderr',
      '',
    ],
    ['wrong-run', 'died', 'driver ts wrote a done of run another in run run of wrong-run', ''],
    ['failed', 'failed', 'driver ts failed: no such class', 'because'],
  ])('%s', async (id, outcome, text, stderrTail) => {
    const driver = open();
    const before = await pidOf(driver);
    const seen = await driver.run(message(id), () => undefined);
    expect(seen).toEqual({ outcome, tainted: true, notes: [], message: text, stderrTail });
    expect(await pidOf(driver)).not.toBe(before);
  });

  test.each([
    ['hangs', 'driver ts wrote nothing for 300 ms: expected "done", and was ended'],
    [
      'part',
      'driver ts wrote nothing for 300 ms: expected "done", got part of a line, without its line feed: "{\\"type\\"", and was ended',
    ],
    ['babbles', 'driver ts said neither done nor failed within 900 ms, and was ended'],
  ])('%s, which is silence', async (id, text) => {
    const patience = { stepMs: 200, openingMs: 200, closingMs: 200, graceMs: 100 };
    const driver = open('good', { patience });
    const before = await pidOf(driver);
    const seen = await driver.run(message(id), () => undefined, { timeoutMs: 900 });
    expect(seen).toEqual({ outcome: 'died', tainted: true, notes: [], silent: true, message: text, stderrTail: '' });
    expect(await pidOf(driver)).not.toBe(before);
  });

  test('a taint', async () => {
    const driver = open();
    const before = await pidOf(driver);
    expect(await driver.run(message('tainted'), () => undefined)).toMatchObject({ outcome: 'done', tainted: true });
    expect(await pidOf(driver)).not.toBe(before);
  });

  test('a listener that throws ends the run with its error', async () => {
    const driver = open();
    const refusal = new Error('disk full');
    const run = driver.run(message('hangs'), () => {
      throw refusal;
    });
    await expect(run).rejects.toBe(refusal);
    await pidOf(driver);
  });
});

describe('a driver that does not start', () => {
  test.each([
    ['silent', { helloTimeoutMs: 300 }, 'driver ts said no hello within 300 ms, and was ended'],
    ['dies', {}, 'driver ts exited with code 3'],
    ['old', {}, 'driver ts speaks another protocol: expected 1, got 0'],
    ['good', { client: 'python' }, 'driver python is another client: expected python, got ts'],
    ['good', { file: '/no/such/program' }, 'driver ts could not be started: spawn /no/such/program ENOENT'],
  ])('%s %j', async (start, options, text) => {
    const driver = open(start, options);
    await expect(driver.start()).rejects.toThrow(text);
    expect(await driver.run(message('good'), () => undefined)).toMatchObject({ outcome: 'died', message: text });
  });
});

describe('ending', () => {
  test('an abort ends the driver and rejects with its reason', async () => {
    const driver = open();
    await pidOf(driver);
    const abort = new AbortController();
    const reason = new Error('enough');
    const run = driver.run(message('hangs'), () => abort.abort(reason), { signal: abort.signal });
    await expect(run).rejects.toBe(reason);
    await expect(driver.run(message('good'), () => undefined, { signal: abort.signal })).rejects.toBe(reason);
  });

  test('close in mid-run ends the driver at once', async () => {
    const driver = open();
    await pidOf(driver);
    const closing: Promise<void>[] = [];
    const outcome = await driver.run(message('hangs'), () => closing.push(driver.close()));
    await Promise.all(closing);
    expect(outcome).toMatchObject({ outcome: 'died', message: 'driver ts was ended by the harness' });
  });

  test('close ends a driver that does not heed exit', async () => {
    const driver = open('clinging', { closeGraceMs: 200 });
    await pidOf(driver);
    await driver.close();
  });
});

test('the budget of a run covers opening, each step and closing', () => {
  expect(runBudgetMs({ steps: [{ drop: 'a' }, { drop: 'b' }], deadlineMs: 1000 })).toBe(52_000);
  expect(runBudgetMs({ steps: [] })).toBe(50_000);
});
