import { readFileSync } from 'node:fs';

/** Resolves once the process has ended. One that only waits for its parent to take its exit code has ended. */
export async function ended(pid: number): Promise<boolean> {
  for (;;) {
    try {
      process.kill(pid, 0);
      if (process.platform === 'linux' && /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return true;
    } catch {
      return true;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
