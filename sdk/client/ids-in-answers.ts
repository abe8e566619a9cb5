import { CodexError } from '../errors/codex-error.ts';
import type { JsonObject } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';

/** The id of the thread that a turn runs on: a review may have one of its own. */
export function runsOn({ answer }: { answer: JsonObject }, threadId: string): string {
  return typeof answer.reviewThreadId === 'string' ? answer.reviewThreadId : threadId;
}

/**
 * The id of the object in an answer.
 * @throws CodexError if it is missing
 */
export function idOf(method: string, answer: JsonObject, key: 'thread' | 'turn'): string {
  const holder = answer[key];
  const id = isObject(holder) ? holder.id : undefined;
  if (typeof id !== 'string')
    throw new CodexError(`${method} response must have the string ${key}.id`, { kind: 'protocol', action: method });
  return id;
}
