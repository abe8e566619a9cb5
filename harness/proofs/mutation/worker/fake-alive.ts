import * as system from '../../../../testing/engine/process-alive.ts';
import { runningFake } from './fake-process.ts';

/** Whether the engine runs: one of the worker's own, or a process, which an engine that listens is here too. */
export const processAlive = (pid: number): boolean => runningFake(pid) !== undefined || system.processAlive(pid);

/** Waits until none of the engines runs. */
export async function processesGone(pids: readonly number[], withinMs: number, signal?: AbortSignal): Promise<boolean> {
  const begun = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    // A timer cannot wait forever.
    if (Number.isFinite(withinMs)) timer = setTimeout(resolve, withinMs, false);
    signal?.addEventListener('abort', () => resolve(false));
  });
  const gone = Promise.all(pids.map((pid) => runningFake(pid)?.gone)).then(() => true as const);
  const all = await Promise.race([gone, late]);
  clearTimeout(timer);
  return all && (await system.processesGone(pids, withinMs - (performance.now() - begun), signal));
}
