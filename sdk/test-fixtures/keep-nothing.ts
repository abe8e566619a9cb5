import type { KeepAlive } from '../rpc/condition.ts';

/** For what has no transport. */
export const keepNothing: KeepAlive = { hold() {}, release() {} };
