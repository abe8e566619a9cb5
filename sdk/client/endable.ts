/**
 * A generator of `values` that calls `end` when it is left early, before `values` hears of it: a plain async generator takes up a `return()` only after
 * its current wait, which may never be over.
 */
export function endable<T>(values: AsyncGenerator<T, void, void>, end: () => void): AsyncGenerator<T, void, void> {
  const leave = () => {
    end();
    return values.return();
  };
  const generator: AsyncGenerator<T, void, void> = {
    next: () => values.next(),
    return: leave,
    throw: (error) => {
      end();
      return values.throw(error);
    },
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => void (await leave()),
  };
  return generator;
}
