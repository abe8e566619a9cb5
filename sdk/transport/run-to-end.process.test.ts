import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { runToEnd } from './run-to-end.ts';

const hangs = 'process.stderr.write("begun"); setInterval(() => {}, 1000)';
/** Runs a program of Node, and says what it has left here. */
async function run(code: string, timeoutMs = 0, abort = new AbortController()) {
  const { signal } = abort;
  const before = process.listenerCount('exit');
  const launch = {
    command: process.execPath,
    args: ['--eval', code],
    cwd: undefined,
    env: process.env,
    detached: false,
  };
  const outcome = await runToEnd(launch, timeoutMs, signal).then(
    () => 'it has ended',
    (error: unknown) => error,
  );
  return { outcome, left: [process.listenerCount('exit') - before, getEventListeners(signal, 'abort').length] };
}

test.each([
  ['ends with 0', '', 'it has ended'],
  ['fails', 'console.error("why"); process.exitCode = 3', /ended with exit code 3\. stderr_tail=why/],
  ['is killed', 'process.kill(process.pid, "SIGKILL")', /ended with SIGKILL/],
])('a program that %s', async (_, code, expected) => {
  const { outcome, left } = await run(code);
  expect(String((outcome as Error).message ?? outcome)).toMatch(expected);
  expect(left).toEqual([0, 0]);
});

test('one that takes too long, or whose end is asked for, is ended; nothing waits for it any more', async () => {
  const late = await run(hangs, 300);
  expect(late).toMatchObject({ outcome: { message: `${process.execPath} did not end within 300 ms` }, left: [0, 0] });
  const abort = new AbortController();
  const running = run(hangs, 0, abort);
  setImmediate(() => abort.abort(new Error('enough')));
  expect(await running).toMatchObject({ outcome: { message: 'enough' }, left: [0, 0] });
});
