/** Values that are there already. */
export interface Batch<T> {
  /** The next one; undefined if there is none left. @throws what ends the stream */
  take(): T | undefined;
}

/**
 * An async generator over batches of values. A value that is there already costs one promise and no other step, where
 * a generator function takes three. It works through a Proxy, which a plain one does not.
 * @param batches what a batch throws is thrown into it, so that it cleans up
 */
export function fromBatches<T extends object>(
  batches: AsyncGenerator<Batch<T>, void, void>,
): AsyncGenerator<T, void, undefined> {
  let current: Batch<T> | undefined;
  const later: Batch<T>[] = [];
  let waiting = 0;

  function taken(): T | undefined {
    while (current !== undefined) {
      const value = current.take();
      if (value !== undefined) return value;
      current = later.shift();
    }
    return undefined;
  }

  function forget(): void {
    current = undefined;
    later.length = 0;
  }

  async function more(): Promise<IteratorResult<T, void>> {
    waiting += 1;
    try {
      for (;;) {
        const { done, value: batch } = await batches.next();
        if (!done) later.push(batch);
        current ??= later.shift();
        // At the end too: calls before this one may have fetched more than they took.
        const value = taken();
        if (value !== undefined) return { done: false, value };
        if (done) return { done, value: undefined };
      }
    } catch (error) {
      // Not by `failed()`: each function between is one of our lines in the error's stack.
      forget();
      await batches.throw(error);
      throw error;
    } finally {
      waiting -= 1;
    }
  }

  async function failed(error: unknown): Promise<never> {
    forget();
    // So that the error's stack begins with whoever waits, not with our own lines.
    await null;
    await batches.throw(error);
    throw error;
  }

  function next(): Promise<IteratorResult<T, void>> {
    // Behind a call that waits, so that values come in the order of the calls.
    if (waiting > 0) return more();
    try {
      const value = taken();
      return value === undefined ? more() : Promise.resolve({ done: false, value });
    } catch (error) {
      return failed(error);
    }
  }

  const leave = () => {
    forget();
    return batches.return();
  };
  const generator: AsyncGenerator<T, void, undefined> = {
    next,
    return: async () => (await leave()) as IteratorReturnResult<void>,
    throw: (error) => failed(error),
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => void (await leave()),
  };
  return generator;
}

/** A batch of what `read` makes of each of these. */
export function batchOf<S, T>(sources: readonly S[], read: (source: S) => T): Batch<T> {
  let at = 0;
  return {
    take() {
      if (at === sources.length) return undefined;
      const source = sources[at] as S;
      at += 1;
      return read(source);
    },
  };
}
