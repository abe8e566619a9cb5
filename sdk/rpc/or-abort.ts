import { AbortError } from '../errors/abort-error.ts';
import { TimeoutError } from '../errors/timeout-error.ts';
import { type Limits, startTimer } from './limits.ts';

/**
 * Waits for `work`, or for one of the limits: then the caller is freed at once while `work` goes on unobserved. What it brings
 * later goes to `discard`, and its late failure is nobody's unhandled rejection.
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
