import type { JsonObject } from '../../testing/json/json.ts';
import { textAt } from './wire-facts.ts';

/**
 * The thread of a model request. A sub-agent shares its parent's cache key and asks at its own pace. By the key, the
 * two would be one conversation, whose order and whose "items since the last request" change from run to run.
 */
export function conversationOf(request: JsonObject): string | undefined {
  return textAt(request, 'headers', 'thread-id') ?? textAt(request, 'body', 'prompt_cache_key');
}
