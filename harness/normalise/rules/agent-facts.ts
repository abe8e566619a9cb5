import { isObject, type JsonValue } from '../../../testing/json/json.ts';
import type { LineRule, ValueRule } from '../types.ts';

/**
 * While an engine works on a goal, it reports how many tokens and whole seconds it has used whenever there is something
 * new, so more often on a slower machine. What sets a goal (it has no turn) and what ends it is not dropped.
 */
export const goalAccounts: LineRule = {
  name: 'goal-accounts',
  loosens: true,
  reason: 'how often an active goal tells its tokens and seconds depends on the pace of the machine',
  apply(line, { header }) {
    if (header.engine !== 'real' || line.ch !== 'wire.in' || !isObject(line.msg)) return undefined;
    const { method, params } = line.msg;
    if (method !== 'thread/goal/updated' || !isObject(params) || typeof params.turnId !== 'string') return undefined;
    return isObject(params.goal) && params.goal.status === 'active' ? null : undefined;
  },
};

/**
 * After a compaction the engine reports its own estimate of the size of the context: a total without any input or
 * output.
 */
export const contextEstimates: ValueRule = {
  name: 'context-estimate',
  loosens: true,
  reason:
    "the engine guesses the size of a compacted context by its letters, among them the run's own folders; to a thousand it is the same",
  apply(value) {
    if (!isObject(value) || value.inputTokens !== 0 || value.outputTokens !== 0) return undefined;
    const { totalTokens } = value;
    if (typeof totalTokens !== 'number' || totalTokens === 0) return undefined;
    const rounded = Math.round(totalTokens / 1000) * 1000;
    return rounded === totalTokens ? undefined : { ...value, totalTokens: rounded };
  },
};

const nickname = /("nickname":")[^"]+(")/g;

/** What `spawn_agent` tells the model about a new agent: `{"agent_id":"…","nickname":"Gauss"}`. */
export const nicknames: ValueRule = {
  name: 'nickname',
  loosens: true,
  reason: "the engine draws a sub-agent's nickname by lot",
  apply(value, { line }) {
    if (line.ch !== 'model.request' || typeof value !== 'string') return undefined;
    const out = value.replace(nickname, '$1<nickname>$2');
    return out === value ? undefined : out;
  },
};

/** How far a new sub-agent has got when the call that started it is told as over. */
export const startedAgents: ValueRule = {
  name: 'started-agent',
  loosens: true,
  reason: 'a sub-agent that has just been started may be at work already, depending on the pace of the machine',
  apply(value, { key, path, line }) {
    if (key !== 'status' || value !== 'running' || path.at(-3) !== 'agentsStates') return undefined;
    const item = path.slice(0, -3).reduce<unknown>((at, step) => (at as Record<string, JsonValue>)[step], line);
    return isObject(item as JsonValue) && (item as { tool?: JsonValue }).tool === 'spawnAgent'
      ? 'pendingInit'
      : undefined;
  },
};
