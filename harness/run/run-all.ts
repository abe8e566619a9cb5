/**
 * Runs `work` over `items`, at most `jobs` at once, in order of start. An aborted signal stops new starts; `work`
 * decides about what is running.
 */
export async function runAll<T>(
  items: readonly T[],
  jobs: number,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length && signal?.aborted !== true) await work(items[next++] as T);
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, items.length)) }, worker));
}
