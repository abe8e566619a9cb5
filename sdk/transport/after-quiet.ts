import { clearTimeout, setImmediate, setTimeout } from '../host/real-timers.ts';

/**
 * Calls `done` once nothing has been read for `ms`. If the program was busy for longer than that, the timer is due
 * before the waiting data in the pipe has been read, so the pipe goes first. Calling the result cancels it.
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
