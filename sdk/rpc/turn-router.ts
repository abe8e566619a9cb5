import type { KeepAlive } from './condition.ts';
import { keepNewest } from './keep-newest.ts';
import type { Notification } from './notification.ts';
import { defaultUnreadLimit, type Reader, TurnLog } from './turn-log.ts';
import { type SubscriptionOwner, TurnSubscription } from './turn-subscription.ts';

/** How many finished turns are remembered, so that attaching to one is refused instead of waiting forever. */
const rememberedTurns = 1000;

/** A `turn/start` that has been sent but not answered. */
export interface PendingStart {
  /** The answer names this turn. The subscription starts where the turn was when the request was sent. */
  attach(turnId: string): TurnSubscription;
  /** The request is over. Always call this; it drops the events kept for a failed start. */
  end(): void;
}

/**
 * Delivers the events of each turn to its consumers. Events of a thread are kept from the moment a `turn/start` is sent
 * on it, because the engine may send any of them, even `turn/completed`, before the answer.
 */
export class TurnRouter implements SubscriptionOwner {
  readonly keepAlive: KeepAlive;
  readonly #unreadLimit: number;
  #logs = new Map<string, TurnLog>();
  #ended = new Set<string>();
  /** The starts that have not been answered yet. */
  #pending = new Set<{ threadId: string | undefined }>();
  #failure: Error | undefined;

  constructor(keepAlive: KeepAlive, unreadLimit = defaultUnreadLimit) {
    this.keepAlive = keepAlive;
    this.#unreadLimit = unreadLimit;
  }

  /** How many turns and events are kept. */
  get retained(): { turns: number; events: number } {
    let events = 0;
    for (const log of this.#logs.values()) events += log.retained;
    return { turns: this.#logs.size, events };
  }

  /** @param size length of the line the event came in, in characters */
  route(turnId: string, threadId: string | undefined, event: Notification, size = 0): void {
    const completes = event.method === 'turn/completed';
    if (completes) this.#remember(turnId);
    const log = this.#logs.get(turnId) ?? (this.#mayBeWanted(threadId) ? this.#create(turnId, threadId) : undefined);
    if (!log) return;
    log.threadId = threadId ?? log.threadId;
    log.ended ||= completes;
    log.append({ event }, size);
    this.#prune(log);
  }

  /**
   * Call this just before the request is written; only one per thread at a time.
   * @param threadId undefined if only the answer will say on which thread the turn runs; until then the events of all
   * threads are kept
   */
  beginStart(threadId: string | undefined): PendingStart {
    const positions = new Map([...this.#logs.values()].map((log) => [log.id, log.next]));
    const start = { threadId };
    this.#pending.add(start);
    return {
      attach: (turnId) => {
        const log = this.#logOf(turnId, threadId);
        log.threadId = threadId ?? log.threadId;
        return this.#subscribe(log, positions.get(turnId) ?? 0);
      },
      end: () => {
        this.#pending.delete(start);
        for (const log of [...this.#logs.values()]) this.#prune(log);
      },
    };
  }

  /** Attaches to a turn from its next event on. If the turn has ended, the first read says so. */
  attach(turnId: string, threadId: string | undefined): TurnSubscription {
    const log = this.#logOf(turnId, threadId);
    return this.#subscribe(log, log.next);
  }

  /** The connection is gone: every consumer gets the cause, after the events that came before it. */
  fail(cause: Error): void {
    this.#failure = cause;
    for (const log of [...this.#logs.values()]) this.#end(log, cause);
  }

  advanced(log: TurnLog): void {
    this.#prune(log);
  }

  released(log: TurnLog, reader: Reader): void {
    log.readers.delete(reader);
    this.#prune(log);
  }

  #subscribe(log: TurnLog, position: number): TurnSubscription {
    const subscription = new TurnSubscription(this, log, position);
    if (this.#failure) this.#end(log, this.#failure);
    return subscription;
  }

  #end(log: TurnLog, failure: Error): void {
    if (this.#ended.has(log.id)) return;
    log.ended = true;
    // Once more for whoever attaches later while another reader still has events to read; all others stop at the first.
    log.append({ failure }, 0);
    this.#prune(log);
  }

  /** The turn's log. A new one is created if nothing is kept of it; a turn that has been seen to end stays ended. */
  #logOf(turnId: string, threadId: string | undefined): TurnLog {
    const log = this.#logs.get(turnId) ?? this.#create(turnId, threadId);
    log.ended ||= this.#ended.has(turnId);
    return log;
  }

  #create(turnId: string, threadId: string | undefined): TurnLog {
    const log = new TurnLog(turnId, threadId, this.#unreadLimit);
    this.#logs.set(turnId, log);
    return log;
  }

  /** Whether a start without an answer may turn out to be on this thread. Events without a thread may belong to any. */
  #mayBeWanted(threadId: string | undefined): boolean {
    for (const { threadId: wanted } of this.#pending) {
      if (threadId === undefined || wanted === undefined || wanted === threadId) return true;
    }
    return false;
  }

  #prune(log: TurnLog): void {
    if (this.#mayBeWanted(log.threadId)) return;
    log.prune();
    if (log.readers.size + log.listeners.size > 0) return;
    if (this.#logs.get(log.id) === log) this.#logs.delete(log.id);
  }

  #remember(turnId: string): void {
    this.#ended.delete(turnId);
    this.#ended.add(turnId);
    keepNewest(this.#ended, rememberedTurns);
  }
}
