import { endable } from './endable.ts';

/**
 * An async generator whose `return()` ends a wait for the next value. A plain one would stay until that value, which may never come. `make` gets
 * the signal that ends its waits: the caller's own, or the end of the generator.
 */
export function interruptible<T>(
  signal: AbortSignal | undefined,
  make: (signal: AbortSignal) => AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  const ended = new AbortController();
  const values = make(signal ? AbortSignal.any([signal, ended.signal]) : ended.signal);
  return endable(untilEnded(values, ended.signal), () => ended.abort());
}

async function* untilEnded<T>(
  values: AsyncGenerator<T, void, void>,
  ended: AbortSignal,
): AsyncGenerator<T, void, void> {
  try {
    yield* values;
  } catch (error) {
    if (!ended.aborted) throw error;
  }
}
