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
  let over = false;
  const waiting: Waiting<T, R>[] = [];
  let listening = false;
  let stopWaiting: (() => void) | undefined;

  function step(from: EventSource<T, R>): IteratorResult<T, R> | undefined {
    if (signal?.aborted) throw new AbortError(action, signal.reason);
    return from.poll();
  }

  function end(): void {
    if (over) return;
    over = true;
    if (listening) source?.unlisten(news);
    stopWaiting?.();
    if (begun) source?.close();
    for (const { resolve } of waiting.splice(0)) resolve(done<R>());
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

  /** Serves those that wait, in order. */
  function news(): void {
    if (over || !source) return;
    if (listening) source.unlisten(news);
    listening = false;
    while (waiting.length > 0) {
      let result: IteratorResult<T, R> | undefined;
      let reader: Waiting<T, R> | undefined;
      try {
        result = step(source);
        if (!result) {
          listening = true;
          source.listen(news);
          return;
        }
        reader = waiting.shift();
        if (result.done) end();
        reader?.resolve(result.done && source.last ? lastOf(source.last()) : result);
      } catch (error) {
        reader = waiting.shift();
        end();
        reader?.reject(error);
        return;
      }
    }
    stopWaiting?.();
    stopWaiting = undefined;
  }

  function keepWaiting(from: EventSource<T, R>): void {
    const release = from.keepAlive();
    const stop = onAbort(signal, news);
    stopWaiting = () => {
      stop();
      release();
    };
    listening = true;
    from.listen(news);
  }

  async function begin(make: (signal: AbortSignal) => Promise<EventSource<T, R>>, ended: AbortSignal): Promise<void> {
    try {
      const made = await make(signal ? eitherSignal(signal, ended) : ended);
      if (over) made.close();
      else {
        source = made;
        // Nobody has listened yet.
        if (waiting.length > 0) keepWaiting(made);
        news();
      }
    } catch (error) {
      const reader = waiting.shift();
      end();
      reader?.reject(error);
    }
  }

  function next(): Promise<IteratorResult<T, R>> {
    if (over) return Promise.resolve(done<R>());
    const first = !begun;
    begun = true;
    if (source && waiting.length === 0) {
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
    const coming = new Promise<IteratorResult<T, R>>((resolve, reject) => {
      waiting.push({ resolve, reject });
      if (source && waiting.length === 1) keepWaiting(source);
      else if (first && typeof open === 'function' && left) void begin(open, left.signal);
    });
    return coming.then(undefined, failed);
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

/** Somebody who waits for the next value. */
interface Waiting<T, R> {
  resolve: (result: IteratorResult<T, R> | Promise<IteratorResult<T, R>>) => void;
  reject: (error: unknown) => void;
}

// Both reject where the reader can be seen: the reader waits for the promise that they settle.
function failed(error: unknown): never {
  throw forReader(error);
}

async function failing(error: unknown): Promise<never> {
  await null;
  throw forReader(error);
}
