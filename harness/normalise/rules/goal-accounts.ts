import { isObject } from '../../../testing/json/json.ts';
import type { LineRule } from '../types.ts';

/**
 * While an engine works on a goal, it reports how many tokens and whole seconds it has used whenever there is something
 * new, so more often on a slower machine. What sets a goal (it has no turn) and what ends it is not dropped.
 */
export const goalAccounts: LineRule = {
  name: 'goal-accounts',
  reason: 'how often an active goal tells its tokens and seconds depends on the pace of the machine',
  apply(line, { header }) {
    if (header.engine !== 'real' || line.ch !== 'wire.in' || !isObject(line.msg)) return undefined;
    const { method, params } = line.msg;
    if (method !== 'thread/goal/updated' || !isObject(params) || typeof params.turnId !== 'string') return undefined;
    return isObject(params.goal) && params.goal.status === 'active' ? null : undefined;
  },
};
