import { AbortError } from '../errors/abort-error.ts';

/**
 * Waits for `work`, or for the signal: then the caller is freed at once while `work` goes on unobserved. What it brings
 * later goes to `discard`, and its late failure is nobody's unhandled rejection.
 */
export function orAbort<T>(
  action: string,
  work: Promise<T>,
  signal: AbortSignal | undefined,
  discard: (late: T) => void = () => {},
): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    let freed = false;
    const onAbort = () => {
      freed = true;
      reject(new AbortError(action, signal.reason));
    };
    work
      .then(
        (value) => (freed ? discard(value) : resolve(value)),
        (error: unknown) => reject(error),
      )
      .finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
