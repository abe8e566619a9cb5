import * as timers from 'node:timers';

/**
 * The platform's own timers, whatever a program's tests put in the place of the global ones later: processes and pipes follow no fake clock. A
 * deadline that a caller has set is none of this: it is his clock's.
 */
export const { setTimeout, clearTimeout, setImmediate } = timers;
