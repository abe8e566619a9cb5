/**
 * Calls `done` once nothing has been read for `ms`. A program that was busy for longer than that finds the timer due
 * before it has read what waits in the pipe, so the pipe gets its turn first. The result cancels.
 */
export function afterQuiet(ms: number, amountRead: () => number, done: () => void): () => void {
  let cancelled = false;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(() => {
      const before = amountRead();
      setImmediate(() => {
        if (cancelled) return;
        if (amountRead() === before) done();
        else wait();
      });
    }, ms);
  };
  wait();
  return () => {
    cancelled = true;
    clearTimeout(timer);
  };
}
