import { TimeoutError } from '../errors/codex-error.ts';
import { startDeadline } from '../host/deadline.ts';
import { onAbort } from '../host/on-abort.ts';
import { warn } from '../host/warn.ts';
import { errorText } from '../redact/error-text.ts';
import { hookOutput } from './answers.ts';
import type { AskedHook, HookEvent, Hooks } from './options.ts';

/**
 * Asks the hooks of an event, one after the other. @returns the first answer, in our words; undefined if none has one
 * @throws TypeError for an answer that is none, TimeoutError, what a hook throws, why its answer is not needed any more
 */
export async function askHooks(
  event: HookEvent,
  asked: readonly AskedHook[],
  request: object,
  ended: AbortSignal,
): Promise<unknown> {
  const { toolName } = request as { toolName?: unknown };
  for (const hook of asked) {
    if (hook.tools && !hook.tools.some((name) => name === toolName)) continue;
    const answer = await inTime(event, hook, request, ended);
    if (answer === undefined) continue;
    hookOutput(event, answer);
    return answer;
  }
  return undefined;
}

/** Tells whoever wants to know that a hook has failed. @returns why, as the model may read it */
export function toldFailure({ onError = warnOfFailure }: Hooks, event: HookEvent, error: unknown): string {
  try {
    const told: unknown = onError(error, event);
    if (told instanceof Promise) told.catch(() => {});
  } catch {
    // There is nobody left to tell.
  }
  return `The hook of this program failed: ${errorText(error)}`;
}

function warnOfFailure(error: unknown, event: HookEvent): void {
  warn('TWINPROOF_HOOKS', `the hook ${event} failed, and the engine got the safe answer: ${errorText(error)}.`);
}

async function inTime(event: HookEvent, hook: AskedHook, request: unknown, ended: AbortSignal): Promise<unknown> {
  if (ended.aborted) throw ended.reason;
  const own = new AbortController();
  return await new Promise((resolve, reject) => {
    // A hook that is not waited for any more may never end: what waits with it is let go all the same.
    const letGo = () => {
      stop();
      stopListening();
    };
    const end = (reason: unknown) => {
      letGo();
      own.abort(reason);
      reject(reason);
    };
    const stop = startDeadline(hook.timeoutMs, undefined, () =>
      end(new TimeoutError(`the hook ${event}`, hook.timeoutMs)),
    );
    const stopListening = onAbort(ended, () => end(ended.reason));
    const asking = (async () => await hook.handler(request as never, { signal: own.signal }))();
    asking.then(resolve, reject).finally(letGo);
  });
}
