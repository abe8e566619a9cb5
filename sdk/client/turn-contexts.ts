import { type Context, currentContext } from '../host/context.ts';
import { keepNewest } from '../rpc/keep-newest.ts';

/** How many running turns are remembered, because one whose end never comes must not stay forever. */
const rememberedTurns = 1000;

/** A start that has been sent. */
export interface BegunStart {
  /** The answer names this turn. One that another call has started keeps that call's context. */
  named(turnId: string): void;
  /** The request is over. Call this in any case. */
  end(): void;
}

interface Start {
  threadId: string;
  context: Context;
}

/** The starts of one thread, the newest last. */
class ThreadStarts {
  readonly pending = new Set<Start>();
  readonly running = new Set<Start>();
}

/**
 * In which asynchronous context each running turn was started. What the engine asks during a turn is answered there: the handler of one client
 * may serve the requests of many users, and tells them apart by `AsyncLocalStorage`.
 */
export class TurnContexts {
  readonly #turns = new Map<string, Start>();
  readonly #threads = new Map<string, ThreadStarts>();
  #pending = 0;
  /** Turns that ended while a start was pending, which may be theirs. */
  readonly #ended = new Set<string>();
  #failed = false;

  /** Call this in the context of the call, just before the request is written. */
  begin(threadId: string): BegunStart {
    const start = { threadId, context: currentContext() };
    const thread = this.#threads.get(threadId) ?? new ThreadStarts();
    this.#threads.set(threadId, thread);
    thread.pending.add(start);
    this.#pending += 1;
    return {
      named: (turnId) => {
        // The answer may be handled after the connection that brought it is gone.
        if (this.#failed || this.#ended.has(turnId) || this.#turns.has(turnId)) return;
        this.#turns.set(turnId, start);
        thread.running.add(start);
        const [oldest] = this.#turns.size > rememberedTurns ? this.#turns.keys() : [];
        if (oldest !== undefined) this.#forget(oldest);
      },
      end: () => {
        if (thread.pending.delete(start)) this.#pending -= 1;
        if (this.#pending === 0) this.#ended.clear();
        this.#tidy(threadId, thread);
      },
    };
  }

  ended(turnId: string): void {
    this.#forget(turnId);
    if (this.#pending > 0) {
      keepNewest(this.#ended.add(turnId), rememberedTurns);
    }
  }

  /** The connection is gone: nothing is asked any more, and what a context leads to may be large. */
  fail(): void {
    this.#failed = true;
    this.#turns.clear();
    for (const { running } of this.#threads.values()) running.clear();
    this.#threads.clear();
    this.#ended.clear();
  }

  /**
   * The context of a turn, also of one whose start is not answered yet; of what names no turn, that of the thread's newest. Undefined for the
   * turns of others.
   */
  of(threadId: unknown, turnId: unknown): Context | undefined {
    const known = typeof turnId === 'string' ? this.#turns.get(turnId) : undefined;
    if (known) return known.context;
    const thread = typeof threadId === 'string' ? this.#threads.get(threadId) : undefined;
    if (!thread) return undefined;
    return (newest(thread.pending) ?? (turnId == null ? newest(thread.running) : undefined))?.context;
  }

  #forget(turnId: string): void {
    const start = this.#turns.get(turnId);
    if (!start) return;
    this.#turns.delete(turnId);
    const thread = this.#threads.get(start.threadId);
    thread?.running.delete(start);
    if (thread) this.#tidy(start.threadId, thread);
  }

  #tidy(threadId: string, thread: ThreadStarts): void {
    if (thread.pending.size + thread.running.size === 0 && this.#threads.get(threadId) === thread)
      this.#threads.delete(threadId);
  }
}

/** A thread has few: an engine runs its turns one after the other. */
function newest(starts: ReadonlySet<Start>): Start | undefined {
  return [...starts].at(-1);
}
