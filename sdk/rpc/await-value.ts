import { AbortError } from '../errors/codex-error.ts';
import { onAbort } from '../host/on-abort.ts';
import type { KeepAlive, Waiter } from './condition.ts';

/** What can be waited for. */
export interface ValueSource<T> {
  /** The value, if it is there already. @throws why there will be none */
  poll(): T | undefined;
  /** Tells `waiter` once, when `poll()` may have it. */
  listen(waiter: Waiter): void;
  /** Takes it back. */
  unlisten(waiter: Waiter): void;
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
    const waiter = { tell: () => attempt() };
    const attempt = (): void => {
      source.unlisten(waiter);
      try {
        if (signal?.aborted) throw new AbortError(action, signal.reason);
        const value = source.poll();
        if (value === undefined) {
          source.listen(waiter);
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
      source.keepAlive.hold();
      const stop = onAbort(signal, attempt);
      return () => {
        stop();
        source.keepAlive.release();
      };
    };
    attempt();
  });
}
