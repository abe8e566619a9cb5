import { nextTick } from 'node:process';
import * as timers from 'node:timers';

/**
 * The platform's own timers, even if a program's tests replace the global ones later: processes and pipes follow no fake clock. Deadlines that a
 * caller sets do not use these; they follow the caller's clock.
 */
export const { setTimeout, clearTimeout, setImmediate } = timers;

const settled = Promise.resolve();

/** Calls `then` once nobody reacts any more to what has happened so far: before anything else is read or any timer. */
export function afterReactions(then: () => void): void {
  void settled.then(() => nextTick(then));
}
