import { forReader } from '../errors/callers-line.ts';
import { AbortError } from '../errors/codex-error.ts';
import { eitherSignal, onAbort } from '../host/on-abort.ts';
import type { KeepAlive } from './condition.ts';

/** Where a stream's values come from. */
export interface EventSource<T, R> {
  /** The next value, or the end, if it is there already. @throws what ends the stream */
  poll(): IteratorResult<T, R> | undefined;
  /** Calls `news` once, when `poll()` may have more. */
  listen(news: () => void): void;
  /** Takes it back. */
  unlisten(news: () => void): void;
  /** Makes the value of the end, where that takes its time; it is left when the stream is. */
  last?(): Promise<R>;
  /** The stream is over, for whatever reason. Called once, and only if the stream was read. */
  close(): void;
  /** Keeps the program running while somebody waits. */
  readonly keepAlive: KeepAlive;
}

export interface StreamOptions {
  /** What the stream does, for its errors. */
  action: string;
  signal?: AbortSignal | undefined;
}

/**
 * An async generator over events. A value that is there already is returned at once, so a backlog costs one promise for
 * each event and no other step. It differs from a generator function in one way: `return()` ends a pending `next()`,
 * which might wait for an event that never comes.
 * @param open called with the first `next()`; its signal fires when the stream is left, or the caller's does
 */
export function eventStream<T, R>(
  open: EventSource<T, R> | ((signal: AbortSignal) => Promise<EventSource<T, R>>),
  { action, signal }: StreamOptions,
): AsyncGenerator<T, R, void> {
  const opened = typeof open === 'function' ? undefined : open;
  const left = opened ? undefined : new AbortController();
  let source = opened;
  let begun = false;
  let opening = false;
  let over = false;
  /** Who waits for the next value; most streams never have a second one. */
  let waiting: Waiting<T, R> | undefined;
  const further: Waiting<T, R>[] = [];
  let listening = false;
  let release: (() => void) | undefined;
  let stopHearing: (() => void) | undefined;

  function step(from: EventSource<T, R>): IteratorResult<T, R> | undefined {
    if (signal?.aborted) throw new AbortError(action, signal.reason);
    return from.poll();
  }

  function end(): void {
    if (over) return;
    over = true;
    if (listening) source?.unlisten(told);
    stopWaiting();
    if (begun) source?.close();
    while (waiting) shift()?.(done<R>());
  }

  function shift(): Waiting<T, R> | undefined {
    const reader = waiting;
    waiting = further.length > 0 ? further.shift() : undefined;
    return reader;
  }

  function stopWaiting(): void {
    stopHearing?.();
    release?.();
    stopHearing = undefined;
    release = undefined;
  }

  async function lastOf(value: Promise<R>): Promise<IteratorReturnResult<R>> {
    try {
      return { done: true, value: await value };
    } catch (error) {
      if (left?.signal.aborted) return done<R>();
      throw forReader(error);
    }
  }

  function leave(): void {
    end();
    left?.abort();
  }

  /** The source has news, and does not listen any more. */
  function told(): void {
    listening = false;
    serve();
  }

  /** The caller's signal has fired. */
  function aborted(): void {
    if (listening) source?.unlisten(told);
    listening = false;
    serve();
  }

  /** Serves those that wait, in order. */
  function serve(): void {
    if (over || !source) return;
    while (waiting) {
      try {
        const result = step(source);
        if (!result) {
          listening = true;
          source.listen(told);
          return;
        }
        const reader = shift();
        if (result.done) end();
        reader?.(result.done && source.last ? lastOf(source.last()) : result);
      } catch (error) {
        refuse(error);
        return;
      }
    }
    stopWaiting();
  }

  /** Whoever has waited longest gets the error, and nobody gets more. */
  function refuse(error: unknown): void {
    const reader = shift();
    end();
    reader?.(failing(error));
  }

  function keepWaiting(from: EventSource<T, R>): void {
    release = from.keepAlive();
    if (signal) stopHearing = onAbort(signal, aborted);
  }

  async function begin(make: (signal: AbortSignal) => Promise<EventSource<T, R>>, ended: AbortSignal): Promise<void> {
    try {
      const made = await make(signal ? eitherSignal(signal, ended) : ended);
      if (over) made.close();
      else {
        source = made;
        // Nobody has listened yet.
        if (waiting) keepWaiting(made);
        serve();
      }
    } catch (error) {
      refuse(error);
    }
  }

  function wait(resolve: Waiting<T, R>): void {
    if (waiting) {
      further.push(resolve);
      return;
    }
    waiting = resolve;
    if (source) {
      keepWaiting(source);
      listening = true;
      source.listen(told);
    } else if (typeof open === 'function' && left && !opening) {
      opening = true;
      void begin(open, left.signal);
    }
  }

  function next(): Promise<IteratorResult<T, R>> {
    if (over) return Promise.resolve(done<R>());
    begun = true;
    if (source && !waiting) {
      try {
        const result = step(source);
        if (result) {
          if (result.done) end();
          return result.done && source.last ? lastOf(source.last()) : Promise.resolve(result);
        }
      } catch (error) {
        end();
        return failing(error);
      }
    }
    return new Promise(wait);
  }

  const generator: AsyncGenerator<T, R, void> = {
    next,
    return: async (value) => {
      leave();
      return { done: true, value: await value };
    },
    throw: async (error) => {
      leave();
      throw error;
    },
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => leave(),
  };
  return generator;
}

/** Nobody reads the result of a generator that is left. */
function done<R>(): IteratorReturnResult<R> {
  return { done: true, value: undefined as R };
}

/** Settles the promise of somebody who waits for the next value. */
type Waiting<T, R> = (result: IteratorResult<T, R> | Promise<IteratorResult<T, R>>) => void;

/** Rejects where the reader can be seen: the reader waits for this promise, or for one that follows it two steps later. */
async function failing(error: unknown): Promise<never> {
  await null;
  await null;
  throw forReader(error);
}
