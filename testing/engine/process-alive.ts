import { readdirSync, readFileSync } from 'node:fs';
// Not the globals: a test may have put a clock in their place that stands still.
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

// In the mutation worker, whose engines are no processes, harness/proofs/mutation/worker/fake-alive.ts stands in for this file.

/**
 * Whether the process is still running. A zombie (dead, but not yet reaped by its parent) counts as gone: otherwise a
 * client that reaps the engine only when it closes would keep it alive forever. It is not gone while one of its threads
 * is alive: the last thread closes its pipes, and until then, what a client wrote has been neither read nor refused.
 */
export function processAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is alive and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name comes first, in parentheses, and may contain anything, even a parenthesis.
    const state = stat.slice(stat.lastIndexOf(')') + 2)[0];
    return (state !== 'Z' && state !== 'X') || readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
}

/**
 * Waits until none of the processes is running. The system does not report the exit of a process that is not a child,
 * so this polls every few milliseconds.
 */
export async function processesGone(pids: readonly number[], withinMs: number, signal?: AbortSignal): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (pids.some(processAlive)) {
    if (performance.now() > until || signal?.aborted) return false;
    await delay(5);
  }
  return true;
}
