import * as timers from 'node:timers';

/**
 * The platform's own timers, even if a program's tests replace the global ones later: processes and pipes follow no fake clock. Deadlines that a
 * caller sets do not use these; they follow the caller's clock.
 */
export const { setTimeout, clearTimeout, setImmediate } = timers;
