import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { CodexError } from '../../errors/codex-error.ts';
import { ended } from '../../test-fixtures/ended.ts';
import { commandSucceeds } from './command-succeeds.ts';
import type { AutoRunContext, AutoRunVerdict } from './options.ts';
import type { CommandSucceedsOptions } from './run-command.ts';

/** Judges by a program of Node. */
async function judge(
  code: string,
  options: CommandSucceedsOptions = {},
  signal = new AbortController().signal,
): Promise<AutoRunVerdict> {
  const until = commandSucceeds(process.execPath, ['--eval', code], options);
  return await until({} as never, { signal } as AutoRunContext);
}

const told = (verdict: AutoRunVerdict) => (verdict as { next: string }).next;

test('a command that ends with 0 has succeeded', async () => {
  expect(await judge('')).toBe(true);
});

test('of one that fails, the agent is told how it ended and what it wrote', async () => {
  const next = told(await judge('console.log("to out"); console.error("to err"); process.exitCode = 3'));
  expect(next).toMatch(/--eval .*` ended with exit code 3\.\n\n[\s\S]*Fix this, then continue\.$/);
  expect(next).toContain('to out');
  expect(next).toContain('to err');
  expect(told(await judge('process.exitCode = 1'))).toMatch(/` ended with exit code 1\. Fix this, then continue\.$/);
  expect(told(await judge('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)'))).toContain('SIGTERM');
});

test('the end of a long output is told, without what looks like a secret', async () => {
  const code =
    'console.log("x".repeat(1e6) + "\\nAuthorization: Bearer abcdefgh12345678\\nthe end"); process.exitCode = 1';
  const next = told(await judge(code, { outputLimit: 100 }));
  expect(next).toContain('the end');
  expect(next).not.toContain('abcdefgh12345678');
  expect(next.length).toBeLessThan(600);
});

test('the folder and the environment are those that are given', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'auto-run-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const code = 'require("fs").writeFileSync("seen", process.env.WORD); process.exitCode = 1';
  await judge(code, { cwd, env: { WORD: 'hi' } });
  expect(await readFile(join(cwd, 'seen'), 'utf8')).toBe('hi');
});

test('one that takes too long is ended, with what it has started, and has failed', async () => {
  const code = `
    const { spawn } = require('child_process');
    const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    child.on('spawn', () => console.log('child ' + child.pid));`;
  const next = told(await judge(code, { timeoutMs: 1500 }));
  expect(next).toContain('was ended after 1500 ms');
  const pid = Number(/child (\d+)/.exec(next)?.[1]);
  await ended(pid);
});

test('the time is counted in milliseconds, from the start', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  for (const [timeoutMs, until] of [
    [1, 1],
    [1000, 1000],
  ] as const) {
    let over = false;
    const judging = judge('setInterval(() => {}, 1000)', { timeoutMs }).finally(() => {
      over = true;
    });
    while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(until - 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect([over, vi.getTimerCount()]).toEqual([false, 1]);
    await vi.advanceTimersByTimeAsync(1);
    expect(told(await judging)).toContain(`was ended after ${timeoutMs} ms`);
  }
});

test('of an output the last characters are told, and as many as the limit says', async () => {
  const said = async (written: string, outputLimit?: number) => {
    const code = `process.stdout.write(${JSON.stringify(written)}); process.exitCode = 1`;
    const next = told(await judge(code, outputLimit === undefined ? {} : { outputLimit }));
    return /exit code 1\.(?:\n\n([\s\S]*)\n\n| )Fix this/.exec(next)?.[1] ?? '';
  };
  const text = 'ab😀cdefgh';
  expect(await said(text, 10)).toBe(text);
  expect(await said(text, 11)).toBe(text);
  expect(await said(text, 9)).toBe('b😀cdefgh');
  expect(await said(text, 8)).toBe('😀cdefgh');
  // The space at its ends does not count.
  expect(await said('\nabc\n\n', 2)).toBe('bc');
  // Never half of a character.
  expect(await said(text, 7)).toBe('cdefgh');
  expect(await said(text, 1)).toBe('h');
  expect(await said(text, 0)).toBe('');
  expect(await said(text, Number.POSITIVE_INFINITY)).toBe(text);
  for (const length of [8000, 8001]) expect((await said('x'.repeat(length))).length).toBe(Math.min(length, 8000));
  // A secret that the limit would cut is taken out as a whole.
  const secret = 'Authorization: Bearer abcdefgh12345678';
  for (const limit of [10, 24]) expect(await said(`x\n${secret}\nend`, limit)).not.toMatch(/5678|h123/);
});

test('a signal ends it', async () => {
  const abort = new AbortController();
  const judging = judge('setInterval(() => {}, 1000)', {}, abort.signal);
  abort.abort();
  expect(told(await judging)).toContain('SIGKILL');
  expect(told(await judge('setInterval(() => {}, 1000)', {}, AbortSignal.abort()))).toContain('SIGKILL');
});

test('one that cannot be started is an error that names it', async () => {
  const until = commandSucceeds('no-such-program-here', ['x']);
  const failed = until({} as never, { signal: new AbortController().signal } as AutoRunContext);
  await expect(failed).rejects.toThrow(/^could not run no-such-program-here x: .*ENOENT/);
  await expect(failed).rejects.toBeInstanceOf(CodexError);
});
