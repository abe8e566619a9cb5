import { setTimeout as delay } from 'node:timers/promises';
import { AbortError } from './codex-error.ts';
import { isOverloadData, JsonRpcError, ServerBusyError } from './rpc-errors.ts';

/**
 * Whether the engine has refused for want of capacity, so that the same request may be sent again at once (Python: `is_retryable_error`): a
 * `ServerBusyError`, or any error answer whose data says overload, whatever its class. Narrower than `CodexError.retryable`: what was
 * refused like this has had no effect, and the connection lives.
 */
export function isRetryableError(error: unknown): boolean {
  return error instanceof ServerBusyError || (error instanceof JsonRpcError && isOverloadData(error.data));
}

/** Options of `retryOnOverload`. Python counts the delays in seconds (`initial_delay_s`); here they are milliseconds. */
export interface RetryOptions {
  /** Calls in all, the first one included. Default 3. */
  maxAttempts?: number;
  /** Wait before the second call; it doubles each time. Default 250 ms. 0: no wait at all. */
  initialDelayMs?: number;
  /** The wait never grows beyond this, jitter aside. Default 2000 ms. */
  maxDelayMs?: number;
  /** Each wait is moved by up to this share of it, up or down. Default 0.2. The jitter comes after the cap. */
  jitterRatio?: number;
  /** Ends the waiting, and the retries with it. */
  signal?: AbortSignal;
  /** Waits the given milliseconds. For tests and for hosts with timers of their own. */
  sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** A number in [0, 1). Default `Math.random`. */
  random?: () => number;
}

async function sleepFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    // Its cause is the signal's reason.
    throw new AbortError('waiting for the next attempt', (error as Error).cause);
  }
}

/**
 * Calls `operation` until it succeeds or fails with something that a retry cannot help (Python: `retry_on_overload`).
 * ```ts
 * import { Codex, retryOnOverload } from 'twinproof';
 *
 * await using codex = new Codex();
 * const thread = await codex.threadStart();
 * const result = await retryOnOverload(() => thread.run('Describe this project.'), { maxAttempts: 5 });
 * ```
 * @throws RangeError when `maxAttempts` is below 1
 * @throws AbortError when `signal` fires during a wait
 * @throws the last error of `operation`, unchanged
 */
export async function retryOnOverload<T>(operation: () => Promise<T> | T, options: RetryOptions = {}): Promise<T> {
  const { maxAttempts = 3, initialDelayMs = 250, maxDelayMs = 2000, jitterRatio = 0.2, signal } = options;
  const { sleep = sleepFor, random = Math.random } = options;
  if (!(maxAttempts >= 1)) throw new RangeError('maxAttempts must be >= 1');
  let wait = initialDelayMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await operation();
    } catch (error) {
      if (attempt >= maxAttempts || !isRetryableError(error)) throw error;
    }
    const jitter = wait * jitterRatio;
    const pause = Math.min(maxDelayMs, wait) + (random() * 2 - 1) * jitter;
    if (pause > 0) await sleep(pause, signal);
    wait = Math.min(maxDelayMs, wait * 2);
  }
}
