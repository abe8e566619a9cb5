import type { ValueRule } from '../types.ts';

const nickname = /("nickname":")[^"]+(")/g;

/** What `spawn_agent` tells the model about a new agent: `{"agent_id":"…","nickname":"Gauss"}`. */
export const nicknames: ValueRule = {
  name: 'nickname',
  reason: "the engine draws a sub-agent's nickname by lot",
  apply(value, { line }) {
    if (line.ch !== 'model.request' || typeof value !== 'string') return undefined;
    const out = value.replace(nickname, '$1<nickname>$2');
    return out === value ? undefined : out;
  },
};
