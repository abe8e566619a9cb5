import { longestTimerMs, setImmediate } from './real-timers.ts';

/** How long a program that was busy past the deadline waits at most for what arrived meanwhile. */
const graceMs = 500;

/**
 * Calls `onEnd` once `timeoutMs` have passed since `since` (`performance.now()`; default: now). 0 means never. Calling
 * the result stops it. It does not keep the program running.
 *
 * A program that was busy past the deadline finds the timer due before it has read what is waiting in its pipes. So the
 * pipes are read first, and anything still on its way gets as much time as the program was late.
 */
export function startDeadline(timeoutMs: number, since: number | undefined, onEnd: () => void): () => void {
  if (timeoutMs === 0 || timeoutMs > longestTimerMs) return () => {};
  const due = (since ?? performance.now()) + timeoutMs;
  let stopped = false;
  let timer: NodeJS.Timeout;
  const afterReading = (then: () => void) => void setImmediate(() => stopped || then());
  const wait = (ms: number, then: () => void) => {
    timer = setTimeout(then, Math.max(0, ms)).unref();
  };
  wait(due - performance.now(), () => {
    const late = performance.now() - due;
    afterReading(() => {
      if (late < 1) onEnd();
      else wait(Math.min(late, graceMs), () => afterReading(onEnd));
    });
  });
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
