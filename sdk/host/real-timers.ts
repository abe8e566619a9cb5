import * as timers from 'node:timers';

/**
 * The platform's own timers, even if a program's tests replace the global ones later: processes and pipes follow no fake clock. Deadlines that a
 * caller sets do not use these; they follow the caller's clock.
 */
export const { setTimeout, clearTimeout, setImmediate } = timers;

/** The longest delay of a timer, in milliseconds; a longer one would fire at once. */
export const longestTimerMs = 2 ** 31 - 1;

/** Of the global, as an import of `node:process` makes the streams of the standard input and output, which takes 6 ms. */
const { nextTick } = process;

const settled = Promise.resolve();

/** Calls `then` once nobody reacts any more to what has happened so far: before anything else is read or any timer. */
export function afterReactions(then: () => void): void {
  void settled.then(() => nextTick(then));
}
