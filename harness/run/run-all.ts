import { setTimeout as after } from 'node:timers/promises';

/** When an item gives its place to another; see `runAll`. */
export interface Lending {
  /** An item that takes longer mostly waits: for a deadline, or for a client that hangs. */
  afterMs: number;
  /** Whether the machine has something left for another. */
  mayLend(): boolean;
}

/**
 * Runs `work` over `items`, at most `jobs` at once, in order of start. An aborted signal stops new starts; `work`
 * decides about what is running. With `lending`, an item that waits gives its place to another: at most `jobs` do so at a time.
 */
export async function runAll<T>(
  items: readonly T[],
  jobs: number,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
  lending?: Lending,
): Promise<void> {
  let next = 0;
  const waiting = new Set<Promise<void>>();
  const wait = (working: Promise<void>) => {
    waiting.add(working);
    // One that fails stays, for whoever waits for all.
    working.then(
      () => waiting.delete(working),
      () => undefined,
    );
  };
  const place = async () => {
    while (next < items.length && signal?.aborted !== true) {
      const working = work(items[next++] as T);
      const lends = lending !== undefined && (await takesLonger(working, lending.afterMs));
      if (lends && waiting.size < jobs && lending.mayLend()) wait(working);
      else await working;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, items.length)) }, place));
  await Promise.all(waiting);
}

async function takesLonger(working: Promise<void>, ms: number): Promise<boolean> {
  const stop = new AbortController();
  const longer = after(ms, true, { signal: stop.signal }).catch(() => false);
  try {
    return await Promise.race([working.then(() => false), longer]);
  } finally {
    stop.abort();
  }
}
