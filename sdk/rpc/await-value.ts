import { AbortError } from '../errors/codex-error.ts';
import { onAbort } from '../host/on-abort.ts';
import type { KeepAlive } from './condition.ts';

/** What can be waited for. */
export interface ValueSource<T> {
  /** The value, if it is there already. @throws why there will be none */
  poll(): T | undefined;
  /** Calls `news` once, when `poll()` may have it. */
  listen(news: () => void): void;
  /** Takes it back. */
  unlisten(news: () => void): void;
  readonly keepAlive: KeepAlive;
}

/**
 * Waits for one value. If `signal` ends the wait, nothing has been taken.
 * @throws AbortError if `signal` fires; what `poll()` throws
 */
export function awaitValue<T>(
  source: ValueSource<T>,
  { action, signal }: { action: string; signal?: AbortSignal | undefined },
): Promise<T> {
  return new Promise((resolve, reject) => {
    let stopWaiting: (() => void) | undefined;
    const attempt = (): void => {
      source.unlisten(attempt);
      try {
        if (signal?.aborted) throw new AbortError(action, signal.reason);
        const value = source.poll();
        if (value === undefined) {
          source.listen(attempt);
          stopWaiting ??= waiting();
          return;
        }
        resolve(value);
      } catch (error) {
        reject(error);
      }
      stopWaiting?.();
    };
    const waiting = () => {
      const release = source.keepAlive();
      const stop = onAbort(signal, attempt);
      return () => {
        stop();
        release();
      };
    };
    attempt();
  });
}
