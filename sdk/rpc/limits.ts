import { AbortError, TimeoutError } from '../errors/codex-error.ts';

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

/** What ends a wait; see `CallOptions`. */
export interface Limits extends CallOptions {
  /** When the call began (`performance.now()`). Default: now. */
  since?: number | undefined;
}

/** The longest delay of a timer. A longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Calls `onEnd` once `timeoutMs` have passed since `since`. Calling the result stops it. It never keeps the program
 * running: whoever waits for the engine does that through the connection.
 */
export function startTimer(timeoutMs: number, since: number | undefined, onEnd: () => void): () => void {
  if (timeoutMs === 0 || timeoutMs > longestTimerMs) return () => {};
  const passed = since === undefined ? 0 : performance.now() - since;
  const timer = setTimeout(onEnd, Math.max(0, timeoutMs - passed)).unref();
  return () => clearTimeout(timer);
}

/** @throws RangeError for anything but a number of milliseconds, including 0 */
export function assertTimeout(name: string, timeoutMs: number | undefined): void {
  if (timeoutMs === undefined || timeoutMs >= 0) return;
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
    const free = (error: Error): void => {
      freed = true;
      reject(error);
    };
    const onAbort = () => free(new AbortError(action, signal?.reason));
    const stopTimer = startTimer(timeoutMs, since, () => free(new TimeoutError(action, timeoutMs)));
    work
      .then(
        (value) => (freed ? discard(value) : resolve(value)),
        (error: unknown) => reject(error),
      )
      .finally(() => {
        stopTimer();
        signal?.removeEventListener('abort', onAbort);
      });
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort);
  });
}
