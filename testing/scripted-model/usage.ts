import type { JsonObject } from '../json/json.ts';
import type { ModelUsage } from './types.ts';

/** The `usage` of `response.completed`: every count is present, because the engine drops a usage that lacks one. */
export function usageObject(usage: ModelUsage = {}): JsonObject {
  return {
    input_tokens: usage.input ?? 0,
    input_tokens_details: { cached_tokens: usage.cached ?? 0 },
    output_tokens: usage.output ?? 0,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: usage.total ?? 0,
  };
}
