import { AbortError, TimeoutError } from '../errors/codex-error.ts';
import { startDeadline } from '../host/deadline.ts';
import { onAbort } from '../host/on-abort.ts';
import { checkOptions, milliseconds, type RulesFor, signal } from '../options/check-options.ts';

/** Options of any call. */
export interface CallOptions {
  /** Rejects the call with an `AbortError`. A request that has been sent may still take effect. */
  signal?: AbortSignal | undefined;
  /**
   * How long the call may take until the engine has answered, in milliseconds. 0 waits forever. It starts with the
   * call, so it includes starting the engine. Default: the client's `requestTimeoutMs`, for each request that the call
   * makes.
   */
  timeoutMs?: number | undefined;
}

/** For calls that wait without a request. */
export const signalRules = { signal };

/** What ends a wait; see `CallOptions`. */
export interface Limits extends CallOptions {
  /** When the call began (`performance.now()`). Default: now. */
  since?: number | undefined;
}

/** @throws RangeError for anything but a number of milliseconds, including 0 */
export function assertTimeout(name: string, timeoutMs: number | undefined): void {
  if (timeoutMs === undefined || (typeof timeoutMs === 'number' && timeoutMs >= 0)) return;
  throw new RangeError(`${name} must be a number of milliseconds, 0 or more, not ${String(timeoutMs)}`);
}

/**
 * Waits for `work` or for one of the limits. When a limit is reached, the call rejects at once and `work` continues.
 * Its later result goes to `discard`, and its later failure is not an unhandled rejection.
 * @throws AbortError, TimeoutError, and what `work` rejects with
 */
export function orAbort<T>(
  action: string,
  work: Promise<T>,
  { signal, timeoutMs = 0, since }: Limits,
  discard: (late: T) => void = () => {},
): Promise<T> {
  if (signal === undefined && timeoutMs === 0) return work;
  return new Promise((resolve, reject) => {
    let freed = false;
    const aborted = () => new AbortError(action, signal?.reason);
    const free = (error: Error): void => {
      freed = true;
      reject(error);
    };
    const stopTimer = startDeadline(timeoutMs, since, () => free(new TimeoutError(action, timeoutMs)));
    const stopListening = onAbort(signal, () => free(aborted()));
    work
      .then(
        (value) => (freed ? discard(value) : resolve(value)),
        (error: unknown) => reject(error),
      )
      .finally(() => {
        stopTimer();
        stopListening();
      });
    if (signal?.aborted) free(aborted());
  });
}

export const callRules: RulesFor<CallOptions> = { signal, timeoutMs: milliseconds };

/**
 * Checks the options that every call has, before it does anything.
 * @throws TypeError for a signal or a time of another kind; RangeError for a time below 0
 */
export function checkCall(options: unknown): asserts options is CallOptions {
  checkOptions('the call', options, callRules);
  assertTimeout('timeoutMs', (options as CallOptions).timeoutMs);
}
