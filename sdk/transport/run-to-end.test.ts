import { ChildProcess } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { runToEnd } from './run-to-end.ts';

// As Node does where no file descriptor is left: the child has no pipes, and the error comes a moment later.
vi.mock('node:child_process', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  spawn() {
    const child = new ChildProcess();
    process.nextTick(() => child.emit('error', Object.assign(new Error('spawn EMFILE'), { code: 'EMFILE' })));
    return child;
  },
}));

test('a program for which there is no descriptor left rejects, and leaves no listener', async () => {
  const before = process.listenerCount('exit');
  const launch = { command: 'codex', args: [], cwd: undefined, env: {}, detached: false };
  await expect(runToEnd(launch, 1000, new AbortController().signal)).rejects.toThrow('spawn EMFILE');
  expect(process.listenerCount('exit')).toBe(before);
});
