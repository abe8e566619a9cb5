import type { JsonObject, TokenUsageBreakdown } from '../protocol/index.ts';
import { isObject } from './is-object.ts';
import { keepNewest } from './keep-newest.ts';

/** Of how many threads the total is remembered. */
const rememberedThreads = 1000;

/** What a turn had used when the engine reported it. */
export interface Spent {
  /** The turn that the engine named. A goal's reader sees several as one. */
  turnId: string;
  usage: TokenUsageBreakdown;
}

/** By the report itself: whoever reads a turn's events later, or from its middle, finds what the turn had used by then. */
const spentAt = new WeakMap<object, Spent>();

/** What the turn of this report has used, up to it; undefined for a report that no meter has seen. */
export function spentBy(tokenUsage: object): Spent | undefined {
  return spentAt.get(tokenUsage);
}

interface Count {
  total: TokenUsageBreakdown;
  spent: Spent;
}

/**
 * Counts what each turn uses. The engine reports the total of the thread and the last request, once for each request of
 * a turn, again with the account's limits, and with an estimate after a compaction: neither number is the turn's.
 */
export class TurnUsageMeter {
  readonly #threads = new Map<string, Count>();

  /** Takes every `thread/tokenUsage/updated`, in the order of the wire. */
  see({ threadId, turnId, tokenUsage }: JsonObject): void {
    if (typeof threadId !== 'string' || typeof turnId !== 'string' || !isObject(tokenUsage)) return;
    const { total, last } = tokenUsage;
    if (!isObject(total) || !isObject(last)) return;
    const before = this.#threads.get(threadId);
    const used = usedSince(before?.total, total as JsonObject, last as JsonObject);
    const usage = before?.spent.turnId === turnId ? addUsage(before.spent.usage, used) : used;
    const spent = { turnId, usage };
    spentAt.set(tokenUsage, spent);
    this.#threads.delete(threadId);
    keepNewest(
      this.#threads.set(threadId, { total: total as unknown as TokenUsageBreakdown, spent }),
      rememberedThreads,
    );
  }

  /** What a turn has used; undefined if nothing has been reported, or the thread has had another turn since. */
  of(threadId: string, turnId: string): TokenUsageBreakdown | undefined {
    const spent = this.#threads.get(threadId)?.spent;
    return spent?.turnId === turnId ? spent.usage : undefined;
  }
}

/** What a report adds to the one before. */
function usedSince(before: object | undefined, total: JsonObject, last: JsonObject): TokenUsageBreakdown {
  // The engine's own estimate, of a context that is compacted or full: no request used that.
  if (numberAt(last, 'inputTokens') + numberAt(last, 'outputTokens') === 0) return difference(last, last);
  // A thread from before this connection, or one whose total has fallen: with its history, or by a full context.
  if (!before || Object.keys(total).some((key) => numberAt(total, key) < numberAt(before, key)))
    return difference(last, {});
  return difference(total, before);
}

const numberAt = (values: object, key: string): number => {
  const value = (values as Readonly<Record<string, unknown>>)[key];
  return typeof value === 'number' ? value : 0;
};

const zero: TokenUsageBreakdown = {
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningOutputTokens: 0,
  totalTokens: 0,
};

function difference(after: object, before: object): TokenUsageBreakdown {
  const numbers = Object.keys({ ...zero, ...after }).map((key) => [key, numberAt(after, key) - numberAt(before, key)]);
  return Object.fromEntries(numbers);
}

/** Both together, field by field. */
export function addUsage(one: TokenUsageBreakdown, other: TokenUsageBreakdown): TokenUsageBreakdown {
  const numbers = Object.keys({ ...one, ...other }).map((key) => [key, numberAt(one, key) + numberAt(other, key)]);
  return Object.fromEntries(numbers);
}

/** Nothing used yet. */
export const noUsage = (): TokenUsageBreakdown => ({ ...zero });
