import type { JsonObject } from '../protocol/index.ts';
import { keepNewest } from './keep-newest.ts';

/** How many are remembered that may be gone: nobody says when they are not needed any more. */
const remembered = 10_000;

/** Whom the thread of a sub-agent works for. */
export interface Work {
  threadId: string;
  /** The turn that has last given it something to do. */
  turnId: string | undefined;
}

/** Which threads belong to sub-agents, and whom they work for. A sub-agent has a thread and turns of its own. */
export class SubAgents {
  readonly #work = new Map<string, Work>();
  readonly #ofTurns = new Map<string, Set<string>>();

  /** Takes every item. @returns whether it tells of sub-agents */
  see(threadId: string, turnId: unknown, item: JsonObject): boolean {
    const turn = typeof turnId === 'string' ? turnId : undefined;
    if (item.type === 'collabAgentToolCall' && Array.isArray(item.receiverThreadIds))
      for (const child of item.receiverThreadIds) this.#adopt(child, { threadId, turnId: turn });
    else if (item.type === 'subAgentActivity') this.#adopt(item.agentThreadId, { threadId, turnId: turn });
    else return false;
    return true;
  }

  /** Whom a thread works for; undefined if it is no sub-agent's. */
  workOf(threadId: string): Work | undefined {
    return this.#work.get(threadId);
  }

  /** A thread, and those that it works for. What the engine says is not trusted to be a tree. */
  *lineOf(threadId: unknown): Generator<Work, void, void> {
    let at: Work | undefined = typeof threadId === 'string' ? { threadId, turnId: undefined } : undefined;
    for (let depth = 0; at && depth < 16; depth += 1) {
      yield at;
      at = this.#work.get(at.threadId);
    }
  }

  /** The threads that work for a turn. */
  of(turnId: string): string[] {
    return [...(this.#ofTurns.get(turnId) ?? [])];
  }

  #adopt(child: unknown, work: Work): void {
    if (typeof child !== 'string' || child === work.threadId) return;
    const known = this.#work.get(child);
    // The first that is told stays the one above it: an item of the sub-agent itself may name it, too.
    if (known && known.threadId !== work.threadId) return;
    if (known?.turnId !== undefined) this.#ofTurns.get(known.turnId)?.delete(child);
    keepNewest(this.#work.set(child, work), remembered);
    if (work.turnId === undefined) return;
    keepNewest(this.#ofTurns.set(work.turnId, (this.#ofTurns.get(work.turnId) ?? new Set()).add(child)), remembered);
  }
}
