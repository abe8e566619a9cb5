import type { ReviewDelivery, ThreadStatus, TurnStatus } from '../protocol/index.ts';
import { isObject } from './is-object.ts';

/**
 * What the engine's words for a status, a kind or a cause mean. A later engine has words of its own, and a decision that
 * knows today's alone would change without a sign. So the rule: an unknown word is never taken for one of the known.
 * What else the message says decides: an error beside it, a status of HTTP, what the word is made of. If nothing else
 * says anything, the value is passed on and the engine decides.
 *
 * `scripts/engine-words` lists every place that decides by a word, with what an unknown one does there.
 */

const notFailed: readonly unknown[] = ['completed', 'interrupted', 'inProgress'] satisfies TurnStatus[];

/** Whether a turn has failed. Of an unknown status, the error beside it decides. */
export function hasFailed(status: unknown, error: unknown): boolean {
  return status === 'failed' || (error != null && !notFailed.includes(status));
}

const ended: readonly unknown[] = ['completed', 'interrupted', 'failed'] satisfies TurnStatus[];

/** Whether a turn may still run. Of an unknown status it may: whoever attaches to it sees. */
export function mayRun(status: unknown): boolean {
  return !ended.includes(status);
}

const notIdle: readonly unknown[] = ['active', 'notLoaded', 'systemError'] satisfies ThreadStatus['type'][];

/** Whether a thread cannot start work. Of an unknown status, the engine decides when it is asked to. */
export function isBusy(status: unknown): boolean {
  return !isObject(status) || typeof status.type !== 'string' || notIdle.includes(status.type);
}

const here: ReviewDelivery = 'inline';

/** Whether a review may run on another thread than its own. An unknown delivery may: the answer says where it runs. */
export function mayRunElsewhere(delivery: unknown): boolean {
  return delivery != null && delivery !== here;
}

/** Whether a word says that the engine is overloaded: `server_overloaded`, and what a later engine makes of it. */
export function saysOverloaded(word: string): boolean {
  return word.length <= 64 && /^[a-z_-]*overload(ed)?$/i.test(word);
}

/** Whether a refusal says that another engine process has the thread open. */
export function saysOtherWriter(text: string): boolean {
  return text.includes('already has an active writer');
}

/**
 * Why a turn of `codex exec` has failed; undefined for an event that does not say so. An unknown event of a turn that
 * carries an error is one.
 */
export function failureOf(event: { type: string; error?: unknown }): string | undefined {
  const { type, error } = event;
  if (!type.startsWith('turn.') || type === 'turn.started' || type === 'turn.completed') return undefined;
  return isObject(error) && typeof error.message === 'string' ? error.message : undefined;
}
