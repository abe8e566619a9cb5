import { forReader } from '../errors/callers-line.ts';
import { AbortError } from '../errors/codex-error.ts';
import { eitherSignal, onAbort } from '../host/on-abort.ts';
import type { KeepAlive, Waiter } from './condition.ts';

/** Where a stream's values come from. */
export interface EventSource<T, R> {
  /** The next value, or the end, if it is there already. @throws what ends the stream */
  poll(): IteratorResult<T, R> | undefined;
  /** Tells `waiter` once, when `poll()` may have more. */
  listen(waiter: Waiter): void;
  /** Takes it back. */
  unlisten(waiter: Waiter): void;
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
 * @param open a function is called with the first `next()`
 */
export function eventStream<T, R>(
  open: EventSource<T, R> | OpenSource<T, R>,
  { action, signal }: StreamOptions,
): AsyncGenerator<T, R, void> {
  const stream = new EventStream(open, action, signal);
  const generator: AsyncGenerator<T, R, void> = {
    next: () => stream.next(),
    return: async (value) => {
      stream.leave();
      return { done: true, value: await value };
    },
    throw: async (error) => {
      stream.leave();
      throw error;
    },
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => stream.leave(),
  };
  return generator;
}

/** Makes a source when the stream is first read. @param signal fires when the stream is left, or the caller's does */
type OpenSource<T, R> = (signal: AbortSignal) => Promise<EventSource<T, R>>;

/** What an event stream does. One object, as thousands of streams may wait at once, and each event looks at its own. */
class EventStream<T, R> implements Waiter {
  readonly #action: string;
  readonly #signal: AbortSignal | undefined;
  readonly #open: OpenSource<T, R> | undefined;
  readonly #left: AbortController | undefined;
  #source: EventSource<T, R> | undefined;
  #begun = false;
  #opening = false;
  #over = false;
  /** Who waits for the next value; most streams never have a second one. */
  #waiting: Waiting<T, R> | undefined;
  #further: Waiting<T, R>[] | undefined;
  #listening = false;
  #holding = false;
  #stopHearing: (() => void) | undefined;

  constructor(open: EventSource<T, R> | OpenSource<T, R>, action: string, signal: AbortSignal | undefined) {
    this.#action = action;
    this.#signal = signal;
    if (typeof open === 'function') {
      this.#open = open;
      this.#left = new AbortController();
    } else this.#source = open;
  }

  next(): Promise<IteratorResult<T, R>> {
    if (this.#over) return Promise.resolve(done<R>());
    this.#begun = true;
    const source = this.#source;
    if (source && !this.#waiting) {
      try {
        const result = this.#step(source);
        if (result) {
          if (!result.done) return Promise.resolve(result);
          this.#end();
          return source.last ? this.#lastOf(source.last()) : Promise.resolve(result);
        }
      } catch (error) {
        this.#end();
        return failing(error);
      }
    }
    return new Promise(this.#wait);
  }

  leave(): void {
    this.#end();
    this.#left?.abort();
  }

  /** The source has news, and does not listen any more. */
  tell(): void {
    this.#listening = false;
    this.#serve();
  }

  #step(source: EventSource<T, R>): IteratorResult<T, R> | undefined {
    if (this.#signal?.aborted) throw new AbortError(this.#action, this.#signal.reason);
    return source.poll();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#listening) this.#source?.unlisten(this);
    this.#stopWaiting();
    if (this.#begun) this.#source?.close();
    while (this.#waiting) this.#shift()?.(done<R>());
  }

  #shift(): Waiting<T, R> | undefined {
    const reader = this.#waiting;
    this.#waiting = this.#further?.shift();
    return reader;
  }

  #stopWaiting(): void {
    this.#stopHearing?.();
    this.#stopHearing = undefined;
    if (this.#holding) this.#source?.keepAlive.release();
    this.#holding = false;
  }

  async #lastOf(value: Promise<R>): Promise<IteratorReturnResult<R>> {
    try {
      return { done: true, value: await value };
    } catch (error) {
      if (this.#left?.signal.aborted) return done<R>();
      throw forReader(error);
    }
  }

  /** The caller's signal has fired. */
  readonly #aborted = (): void => {
    if (this.#listening) this.#source?.unlisten(this);
    this.#listening = false;
    this.#serve();
  };

  /** Serves those that wait, in order. */
  #serve(): void {
    const source = this.#source;
    if (this.#over || !source) return;
    while (this.#waiting) {
      try {
        const result = this.#step(source);
        if (!result) {
          this.#listening = true;
          source.listen(this);
          return;
        }
        const reader = this.#shift();
        if (result.done) this.#end();
        reader?.(result.done && source.last ? this.#lastOf(source.last()) : result);
      } catch (error) {
        this.#refuse(error);
        return;
      }
    }
    this.#stopWaiting();
  }

  /** Whoever has waited longest gets the error, and nobody gets more. */
  #refuse(error: unknown): void {
    const reader = this.#shift();
    this.#end();
    reader?.(failing(error));
  }

  #keepWaiting(source: EventSource<T, R>): void {
    source.keepAlive.hold();
    this.#holding = true;
    if (this.#signal) this.#stopHearing = onAbort(this.#signal, this.#aborted);
  }

  async #begin(make: OpenSource<T, R>, ended: AbortSignal): Promise<void> {
    try {
      const made = await make(this.#signal ? eitherSignal(this.#signal, ended) : ended);
      if (this.#over) made.close();
      else {
        this.#source = made;
        // Nobody has listened yet.
        if (this.#waiting) this.#keepWaiting(made);
        this.#serve();
      }
    } catch (error) {
      this.#refuse(error);
    }
  }

  readonly #wait = (resolve: Waiting<T, R>): void => {
    if (this.#waiting) {
      this.#further ??= [];
      this.#further.push(resolve);
      return;
    }
    this.#waiting = resolve;
    const source = this.#source;
    if (source) {
      this.#keepWaiting(source);
      this.#listening = true;
      source.listen(this);
    } else if (this.#open && this.#left && !this.#opening) {
      this.#opening = true;
      void this.#begin(this.#open, this.#left.signal);
    }
  };
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
