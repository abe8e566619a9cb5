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

/**
 * In which asynchronous context each running turn was started. What the engine asks during a turn is answered there: the handler of one client
 * may serve the requests of many users, and tells them apart by `AsyncLocalStorage`.
 */
export class TurnContexts {
  readonly #turns = new Map<string, { threadId: string; context: Context }>();
  readonly #pending = new Set<{ threadId: string; context: Context }>();
  /** Turns that ended while a start was pending, which may be theirs. */
  readonly #ended = new Set<string>();

  /** Call this in the context of the call, just before the request is written. */
  begin(threadId: string): BegunStart {
    const start = { threadId, context: currentContext() };
    this.#pending.add(start);
    return {
      named: (turnId) => {
        if (this.#ended.has(turnId) || this.#turns.has(turnId)) return;
        this.#turns.set(turnId, start);
        keepNewest(this.#turns, rememberedTurns);
      },
      end: () => {
        this.#pending.delete(start);
        if (this.#pending.size === 0) this.#ended.clear();
      },
    };
  }

  ended(turnId: string): void {
    this.#turns.delete(turnId);
    if (this.#pending.size > 0) this.#ended.add(turnId);
  }

  /**
   * The context of a turn, also of one whose start is not answered yet; of what names no turn, that of the thread's newest. Undefined for the
   * turns of others.
   */
  of(threadId: unknown, turnId: unknown): Context | undefined {
    const known = typeof turnId === 'string' ? this.#turns.get(turnId) : undefined;
    if (known) return known.context;
    const onThread = (one: { threadId: string }) => one.threadId === threadId;
    const pending = [...this.#pending].findLast(onThread);
    return (pending ?? (turnId == null ? [...this.#turns.values()].findLast(onThread) : undefined))?.context;
  }
}
