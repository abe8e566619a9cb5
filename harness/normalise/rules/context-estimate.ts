import { isObject } from '../../../testing/json/json.ts';
import type { ValueRule } from '../types.ts';

/**
 * After a compaction the engine reports its own estimate of the size of the context: a total without any input or
 * output.
 */
export const contextEstimates: ValueRule = {
  name: 'context-estimate',
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
