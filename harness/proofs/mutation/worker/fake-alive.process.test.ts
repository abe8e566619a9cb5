import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { processAlive, processesGone } from './fake-alive.ts';

test('a process that no fake stands for is asked of the system, also without a limit of time', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  const pid = child.pid as number;
  expect(processAlive(pid)).toBe(true);
  expect(await processesGone([pid], 0)).toBe(false);
  const gone = processesGone([pid], Number.POSITIVE_INFINITY);
  child.stdin.end();
  expect(await gone).toBe(true);
  expect(processAlive(pid)).toBe(false);
});
