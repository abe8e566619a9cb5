import type { KeepAlive } from './condition.ts';
import { keepNewest } from './keep-newest.ts';
import type { Notification } from './notification.ts';
import { defaultUnreadLimit, type Reader, TurnLog } from './turn-log.ts';
import { type SubscriptionOwner, TurnSubscription } from './turn-subscription.ts';

/** How many ended turns are remembered, so that attaching to one is refused and does not wait for ever. */
const rememberedTurns = 1000;

/** A `turn/start` that has been sent and is not answered yet. */
export interface PendingStart {
  /** The answer names this turn: the subscription starts where the turn was when the request was sent. */
  attach(turnId: string): TurnSubscription;
  /** The request is over. To be called in any case; events kept for a start that failed are let go. */
  end(): void;
}

/**
 * Brings the events of each turn to its consumers. Events of a thread are kept from the moment that a `turn/start` on it
 * is sent, as the engine may send any of them, `turn/completed` included, before the answer.
 */
export class TurnRouter implements SubscriptionOwner {
  readonly keepAlive: KeepAlive;
  readonly #unreadLimit: number;
  #logs = new Map<string, TurnLog>();
  #ended = new Set<string>();
  /** The starts that are not answered yet. */
  #pending = new Set<{ threadId: string | undefined }>();
  #failure: Error | undefined;

  constructor(keepAlive: KeepAlive, unreadLimit = defaultUnreadLimit) {
    this.keepAlive = keepAlive;
    this.#unreadLimit = unreadLimit;
  }

  /** How many turns and events are kept now. */
  get retained(): { turns: number; events: number } {
    let events = 0;
    for (const log of this.#logs.values()) events += log.retained;
    return { turns: this.#logs.size, events };
  }

  /** @param size of the event, in characters of the line that it came in */
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
   * To be called just before the request is written; of a thread, one at a time.
   * @param threadId undefined: the answer alone will say on which thread the turn runs, so that the events of all are kept until then
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

  /** Attaches to a turn from its next event on. Of a turn that has ended nothing more comes: the first read says so. */
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
    // Once more for whoever attaches later, while another reader still has events to read: all others stop at the first.
    log.append({ failure }, 0);
    this.#prune(log);
  }

  /** The turn's log, made afresh when nothing is kept of it: one that has been seen to end stays ended. */
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

  /** Whether a start that is not answered yet may turn out to be this thread's. Events without a thread may be anybody's. */
  #mayBeWanted(threadId: string | undefined): boolean {
    for (const { threadId: wanted } of this.#pending) {
      if (threadId === undefined || wanted === undefined || wanted === threadId) return true;
    }
    return false;
  }

  #prune(log: TurnLog): void {
    if (this.#mayBeWanted(log.threadId)) return;
    log.prune();
    if (log.readers.size > 0) return;
    if (this.#logs.get(log.id) === log) this.#logs.delete(log.id);
  }

  #remember(turnId: string): void {
    this.#ended.delete(turnId);
    this.#ended.add(turnId);
    keepNewest(this.#ended, rememberedTurns);
  }
}
