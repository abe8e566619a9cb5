import { runningFake } from './fake-process.ts';

/** Whether the engine runs: in a worker every engine is one of its own. */
export const processAlive = (pid: number): boolean => runningFake(pid) !== undefined;

/** Waits until none of the engines runs. */
export async function processesGone(pids: readonly number[], withinMs: number, signal?: AbortSignal): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, withinMs, false);
    signal?.addEventListener('abort', () => resolve(false));
  });
  const gone = Promise.all(pids.map((pid) => runningFake(pid)?.gone)).then(() => true as const);
  const all = await Promise.race([gone, late]);
  clearTimeout(timer);
  return all;
}
