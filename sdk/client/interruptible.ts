import { forReader } from '../errors/callers-line.ts';
import { eitherSignal } from '../host/on-abort.ts';

/**
 * Wraps a generator and calls `end` when it is left early, before `values` learns of it. A plain async generator
 * handles `return()` only after its current wait, which may never end.
 */
export function endable<T, R>(values: AsyncGenerator<T, R, void>, end: () => void): AsyncGenerator<T, R, void> {
  const leave = () => {
    end();
    // Nobody reads the result of a generator that is left.
    return values.return(undefined as R);
  };
  const generator: AsyncGenerator<T, R, void> = {
    next: () => values.next(),
    return: leave,
    // Whoever throws into it gets the error back, once it has ended.
    throw: async (error) => {
      await leave();
      throw error;
    },
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => void (await leave()),
  };
  return generator;
}

/** A generator that works through a Proxy: the methods of a plain one accept only the generator itself. */
export const wrappable = <T, R>(values: AsyncGenerator<T, R, void>) => endable(values, () => {});

/**
 * An async generator whose `return()` ends a pending wait for the next value. A plain one would wait for that value,
 * which may never come. `make` receives the signal that ends its waits: the caller's, or the end of the generator.
 */
export function interruptible<T, R>(
  signal: AbortSignal | undefined,
  make: (signal: AbortSignal) => AsyncGenerator<T, R, void>,
): AsyncGenerator<T, R, void> {
  const ended = new AbortController();
  const values = make(signal ? eitherSignal(signal, ended.signal) : ended.signal);
  return endable(untilEnded(values, ended.signal), () => ended.abort());
}

async function* untilEnded<T, R>(values: AsyncGenerator<T, R, void>, ended: AbortSignal): AsyncGenerator<T, R, void> {
  try {
    return yield* values;
  } catch (error) {
    if (!ended.aborted) throw forReader(error);
    return undefined as R;
  }
}
