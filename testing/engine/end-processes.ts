import { processesGone } from './process-alive.ts';

/** Kills the processes that still run, and waits until they are gone. */
export async function endProcesses(running: () => readonly number[], withinMs: number): Promise<void> {
  const pids = running();
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has gone in the meantime, or belongs to somebody else.
    }
  }
  await processesGone(pids, withinMs);
}
