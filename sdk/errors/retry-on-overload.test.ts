import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { type RetryOptions, retryOnOverload } from './retry-on-overload.ts';
import { mapJsonRpcError } from './rpc-errors.ts';

const busy = mapJsonRpcError(-32001, 'm', 'server_overloaded');

/** Runs an operation that fails `failures` times; returns the outcome, the calls and the waits. */
async function run(failures: number, options: RetryOptions, error: unknown = busy) {
  const waits: number[] = [];
  let calls = 0;
  const operation = () => {
    calls += 1;
    if (calls <= failures) throw error;
    return 'done';
  };
  const sleep = async (ms: number) => void waits.push(ms);
  const outcome = await retryOnOverload(operation, { sleep, random: () => 0.5, ...options }).catch(
    (thrown: unknown) => thrown,
  );
  return { outcome, calls, waits };
}

test('three attempts, waiting 250 and 500 ms', async () => {
  expect(await run(2, {})).toEqual({ outcome: 'done', calls: 3, waits: [250, 500] });
});

test('the last error comes unchanged', async () => {
  expect(await run(9, {})).toEqual({ outcome: busy, calls: 3, waits: [250, 500] });
});

test('the wait doubles up to the cap, and the jitter comes after it', async () => {
  const { waits } = await run(9, { maxAttempts: 6, random: () => 1 - Number.EPSILON });
  expect(waits.map(Math.round)).toEqual([300, 600, 1200, 2400, 2400]);
});

test('what a retry cannot help is not repeated', async () => {
  const error = mapJsonRpcError(-32602, 'm');
  expect(await run(9, {}, error)).toEqual({ outcome: error, calls: 1, waits: [] });
});

test('an initial delay of 0 never waits; one attempt is one call', async () => {
  expect(await run(2, { initialDelayMs: 0 })).toEqual({ outcome: 'done', calls: 3, waits: [] });
  expect(await run(2, { maxAttempts: 1 })).toEqual({ outcome: busy, calls: 1, waits: [] });
});

test('less than one attempt is refused', async () => {
  expect((await run(0, { maxAttempts: 0 })).outcome).toEqual(new RangeError('maxAttempts must be >= 1'));
});

test('an abort ends the real wait', async () => {
  const controller = new AbortController();
  const result = retryOnOverload(() => Promise.reject(busy), { initialDelayMs: 60_000, signal: controller.signal });
  controller.abort('enough');
  await expect(result).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
});

test('a real wait ends by its time or by an abort, and leaves no listener', async () => {
  const { signal, abort } = controllerOf();
  const listeners = () => getEventListeners(signal, 'abort').length;
  let calls = 0;
  const operation = () => {
    calls += 1;
    throw busy;
  };
  const begun = performance.now();
  const short = { initialDelayMs: 20, jitterRatio: 0, maxAttempts: 2, signal };
  await expect(retryOnOverload(operation, short)).rejects.toMatchObject({ name: 'ServerBusyError' });
  expect(performance.now() - begun).toBeGreaterThan(18);
  expect([calls, listeners()]).toEqual([2, 0]);
  // Without jitter: 0.2 of a minute is more than the longest delay, and would leave no wait at times.
  const long = { initialDelayMs: 60_000, jitterRatio: 0, signal };
  const outcome = retryOnOverload(operation, long).catch((error: unknown) => error);
  while (listeners() === 0) await new Promise((resolve) => setImmediate(resolve));
  abort('enough');
  expect(await outcome).toMatchObject({ name: 'AbortError', cause: 'enough' });
  expect([calls, listeners()]).toEqual([3, 0]);
});

function controllerOf() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason: unknown) => controller.abort(reason) };
}
