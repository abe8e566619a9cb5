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
  const generator: AsyncGenerator<T, void, void> = {
    next: () =>
      values.next().catch((error: unknown) => {
        if (ended.signal.aborted) return { done: true, value: undefined };
        throw error;
      }),
    return: () => {
      ended.abort();
      return values.return();
    },
    throw: (error) => {
      ended.abort();
      return values.throw(error);
    },
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => {
      await generator.return();
    },
  };
  return generator;
}
