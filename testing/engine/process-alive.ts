import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Whether the process still runs. A zombie (dead, but not yet asked for by its parent) counts as gone: a client that reaps the engine only
 * at its own close would else keep it alive for ever. It is not gone while one of its threads is not: the last of them closes its pipes, and what
 * a client wrote before that was neither read nor refused.
 */
export function processAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before it stands in parentheses and may hold anything, also a parenthesis.
    const state = stat.slice(stat.lastIndexOf(')') + 2)[0];
    return (state !== 'Z' && state !== 'X') || readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
}

/** Waits until none of the processes runs. Nothing tells a stranger of a process's end, so that this looks every few milliseconds. */
export async function processesGone(pids: readonly number[], withinMs: number, signal?: AbortSignal): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (pids.some(processAlive)) {
    if (performance.now() > until || signal?.aborted) return false;
    await delay(5);
  }
  return true;
}
