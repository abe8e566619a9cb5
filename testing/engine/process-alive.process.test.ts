import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { processAlive, processesGone } from './process-alive.ts';

const python = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));

test('a process that has ended is gone, and one that runs is not', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  expect(processAlive(child.pid as number)).toBe(true);
  child.stdin.end();
  await once(child, 'exit');
  expect(await processesGone([child.pid as number], 0)).toBe(true);
});

// Only Linux tells of zombies, and only Python can end its first thread alone.
test.runIf(process.platform === 'linux' && existsSync(python))(
  'a process whose first thread has ended while another holds its pipes is not gone',
  async () => {
    const program = `
import ctypes, sys, threading
def rest():
    while ' Z ' not in open('/proc/self/stat').read(): pass
    print('alone', flush=True)
    sys.stdin.read()
threading.Thread(target=rest).start()
ctypes.CDLL(None).pthread_exit(None)
`;
    const child = spawn(python, ['-c', program], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(processAlive(child.pid as number)).toBe(true);
    child.stdin.end();
    expect(await processesGone([child.pid as number], 10_000)).toBe(true);
  },
);
