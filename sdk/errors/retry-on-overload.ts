import { onAbort } from '../host/on-abort.ts';
import { clearTimeout, longestTimerMs, setTimeout } from '../host/real-timers.ts';
import {
  callback,
  checkArgument,
  checkOptions,
  finite,
  number,
  type RulesFor,
  signal,
} from '../options/check-options.ts';
import { fromCaller } from './callers-line.ts';
import { AbortError } from './codex-error.ts';
import { isOverloadData, JsonRpcError, ServerBusyError } from './rpc-errors.ts';

/**
 * Whether the engine refused the request because it was overloaded, so that you can send it again right away (Python:
 * `is_retryable_error`). True for a `ServerBusyError`, and for any error answer whose data reports overload, whatever
 * its class. Narrower than `CodexError.retryable`: the refused request had no effect, and the connection is intact.
 */
export function isRetryableError(error: unknown): boolean {
  return error instanceof ServerBusyError || (error instanceof JsonRpcError && isOverloadData(error.data));
}

/**
 * Options of `retryOnOverload`. Python measures the delays in seconds (`initial_delay_s`), this SDK in milliseconds.
 */
export interface RetryOptions {
  /** Total number of calls, including the first. Default: 3. */
  maxAttempts?: number;
  /** Delay before the second call, in milliseconds. It doubles each time. Default: 250. 0 disables delays. */
  initialDelayMs?: number;
  /** The longest delay before jitter, in milliseconds. Default: 2000. */
  maxDelayMs?: number;
  /**
   * How far each delay is moved up or down at random, as a share of it. Default: 0.2. The jitter comes after the cap.
   */
  jitterRatio?: number;
  /** Ends the waiting and the retries. */
  signal?: AbortSignal;
  /** Waits the given number of milliseconds. For tests, and for hosts with their own timers. */
  sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Returns a number in [0, 1). Default: `Math.random`. */
  random?: () => number;
}

async function sleepFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const aborted = () => new AbortError('waiting for the next attempt', signal?.reason);
  if (signal?.aborted) throw aborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => {
        stopListening();
        resolve();
      },
      Math.min(ms, longestTimerMs),
    );
    const stopListening = onAbort(signal, () => {
      clearTimeout(timer);
      reject(aborted());
    });
  });
}

/**
 * Calls `operation` until it succeeds, or fails with an error that a retry cannot help (Python: `retry_on_overload`).
 * ```ts
 * import { Codex, retryOnOverload } from 'twinproof';
 *
 * await using codex = new Codex();
 * const thread = await codex.threadStart();
 * const result = await retryOnOverload(() => thread.run('Describe this project.'), { maxAttempts: 5 });
 * ```
 * @throws RangeError if `maxAttempts` is below 1
 * @throws AbortError if `signal` fires during a delay
 * @throws the last error of `operation`, unchanged
 */
export async function retryOnOverload<T>(operation: () => Promise<T> | T, options: RetryOptions = {}): Promise<T> {
  return await fromCaller(retryOnOverload, () => attempts(operation, options));
}

async function attempts<T>(operation: () => Promise<T> | T, options: RetryOptions): Promise<T> {
  checkArgument('operation', operation, callback);
  checkOptions('retryOnOverload', options, retryRules);
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

export const retryRules: RulesFor<RetryOptions> = {
  maxAttempts: number,
  initialDelayMs: finite,
  maxDelayMs: number,
  jitterRatio: finite,
  signal,
  sleep: callback,
  random: callback,
};
