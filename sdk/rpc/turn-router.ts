import type { KeepAlive } from './condition.ts';
import { defaultUnreadLimit, type EventReader } from './event-log.ts';
import { keepNewest } from './keep-newest.ts';
import type { Notification } from './notification.ts';
import { TurnLog } from './turn-log.ts';
import type { TurnState, TurnStep } from './turn-state.ts';
import { type SubscriptionOwner, TurnSubscription } from './turn-subscription.ts';

/** How many turns are remembered of each kind: those that have ended, those that nobody reads, and those kept unread. */
const rememberedTurns = 1000;

/**
 * How much of the turns that nobody here has started is kept, all of them together: characters of their lines, plus the
 * weight of each event. With a lower `unreadLimit`, that.
 */
export const foreignLimit = 8 * 1024 * 1024;

/** A `turn/start` that has been sent but not answered. */
export interface PendingStart {
  /** The answer names this turn. The subscription starts where the turn was when the request was sent. */
  attach(turnId: string): TurnSubscription;
  /** The request is over. Always call this. */
  end(): void;
}

/** What is known of a thread while a turn runs on it, or a start is pending. */
class ThreadTurns {
  readonly running = new Set<TurnLog>();
  readonly starts = new Set<Map<string, EventReader<Notification>>>();
  /** Turns that began while a start was pending, which may be its own. */
  fresh: TurnLog[] = [];
}

/**
 * Delivers the events of each turn to its consumers. A turn that nobody here has started is kept from its first event
 * on, as long as all such turns together stay within a limit: so a start finds what came before its answer, and a
 * handle can be made for any turn. No step here depends on how many other turns, threads or readers there are.
 */
export class TurnRouter implements SubscriptionOwner {
  readonly keepAlive: KeepAlive;
  readonly #unreadLimit: number;
  readonly #foreignLimit: number;
  readonly #logs = new Map<string, TurnLog>();
  /** The log of the newest event: the next one is likely to be of the same turn. */
  #latest: TurnLog | undefined;
  readonly #threads = new Map<string | undefined, ThreadTurns>();
  /** Starts that only their answer assigns to a thread. */
  #anywhere = 0;
  #fresh: TurnLog[] = [];
  /** Turns that nobody here has started, oldest first. */
  readonly #foreign = new Set<TurnLog>();
  #foreignWeight = 0;
  /** Turns that run and that nobody reads. They are known, so that a late handle does not take their middle for their start. */
  readonly #unread = new Set<TurnLog>();
  readonly #ended = new Map<string, TurnState>();
  /** The turns that wait for an answer, by the id of the request. */
  readonly #asking = new Map<string, TurnLog>();
  #created = 0;
  #failure: Error | undefined;

  constructor(keepAlive: KeepAlive, unreadLimit = defaultUnreadLimit) {
    this.keepAlive = keepAlive;
    this.#unreadLimit = unreadLimit;
    this.#foreignLimit = Math.min(unreadLimit, foreignLimit);
  }

  /** How many turns and events are kept. */
  get retained(): { turns: number; events: number } {
    let events = 0;
    for (const log of this.#logs.values()) events += log.retained;
    return { turns: this.#logs.size, events };
  }

  /**
   * @param size length of the line the event came in, in characters
   * @param telling see `isTelling()`
   */
  route(turnId: string, threadId: string | undefined, event: Notification, size = 0, telling?: boolean): void {
    let log = this.#latest?.id === turnId ? this.#latest : this.#logs.get(turnId);
    if (!log) {
      if (this.#ended.has(turnId) && !this.#mayBeStarted(threadId)) return;
      log = this.#create(turnId, threadId);
      this.#begin(log);
    } else if (threadId !== undefined && log.threadId !== threadId) this.#move(log, threadId);
    this.#latest = log;
    const before = log.weight;
    log.append(event, size, telling);
    if (log.pin && this.#foreign.has(log)) {
      this.#foreignWeight += log.weight - before;
      this.#limitForeign();
    }
    if (event.method === 'turn/completed') this.#complete(log);
  }

  /** A step of a turn that has no event. */
  take(turnId: string, step: TurnStep): void {
    const log = this.#logs.get(turnId);
    if (!log) return;
    log.progress.take(step);
    if (step.step === 'request') this.#asking.set(step.id, log);
  }

  /** The engine needs no answer to a request any more. */
  resolved(id: string): void {
    this.#asking.get(id)?.progress.take({ step: 'resolved', id });
    this.#asking.delete(id);
  }

  /**
   * Call this just before the request is written.
   * @param threadId undefined if only the answer will say on which thread the turn runs
   */
  beginStart(threadId: string | undefined): PendingStart {
    const number = this.#created;
    const places = new Map<string, EventReader<Notification>>();
    const thread = threadId === undefined ? undefined : this.#thread(threadId);
    if (thread) thread.starts.add(places);
    else this.#anywhere += 1;
    // A thread runs one turn at a time; the engine joins a second start to it.
    for (const running of [thread?.running, this.#threads.get(undefined)?.running])
      for (const log of running ?? []) places.set(log.id, this.#place(log));
    return {
      attach: (turnId) => {
        const log = this.#logOf(turnId, threadId);
        if (threadId !== undefined && log.threadId !== threadId) this.#move(log, threadId);
        const place = places.get(turnId) ?? (log.number > number ? log.pin : undefined);
        log.progress.take({ step: 'asked' });
        const subscription = new TurnSubscription(this, log, log.read(place));
        this.#claim(log);
        return subscription;
      },
      end: () => {
        for (const [turnId, place] of places) {
          place.close();
          const log = this.#logs.get(turnId);
          if (log) this.released(log);
        }
        if (thread) this.#endStart(threadId, thread, places);
        else {
          this.#anywhere -= 1;
          if (this.#anywhere === 0) this.#settle(this.#fresh.splice(0));
        }
      },
    };
  }

  /**
   * Attaches to a turn: of one that nobody here has started, from its first event on, if that is still kept; of any other,
   * from its next one. If nothing more can come, the first read says so.
   */
  attach(turnId: string, threadId: string | undefined): TurnSubscription {
    const log = this.#logOf(turnId, threadId);
    log.progress.take({ step: 'asked' });
    return new TurnSubscription(this, log, log.read(log.pin?.isLost ? undefined : log.pin));
  }

  /** The connection is gone: every consumer gets the cause, after the events that came before it. */
  fail(cause: Error): void {
    this.#failure = cause;
    this.#asking.clear();
    for (const log of [...this.#logs.values()]) {
      log.end(cause);
      this.#leave(log);
      this.released(log);
    }
  }

  /** A reader or a listener is gone. */
  released(log: TurnLog): void {
    if (log.readers + log.listeners.size > 0 || this.#logs.get(log.id) !== log) return;
    // A start that is pending may be its own, and is to hear that its first events were let go.
    if (log.pin && !this.#foreign.has(log)) return;
    // Of what has said nothing yet, the next event is the first.
    if (log.ended || log.count === 0) this.#forget(log);
    else {
      this.#unread.add(log);
      const [oldest] = this.#unread.size > rememberedTurns ? this.#unread : [];
      if (oldest) this.#forget(oldest);
    }
  }

  /** The turn's log. A new one is created if nothing is kept of it; a turn that has been seen to end stays ended. */
  #logOf(turnId: string, threadId: string | undefined): TurnLog {
    const log = this.#logs.get(turnId) ?? this.#create(turnId, threadId);
    this.#unread.delete(log);
    if (this.#ended.has(turnId)) log.end();
    else if (this.#failure) log.end(this.#failure);
    return log;
  }

  #create(turnId: string, threadId: string | undefined): TurnLog {
    this.#created += 1;
    const log = new TurnLog(turnId, threadId, this.#unreadLimit, this.#created, this.#ended.get(turnId));
    this.#logs.set(turnId, log);
    this.#thread(threadId).running.add(log);
    return log;
  }

  /** Its first event is here, and nobody has asked for it yet. */
  #begin(log: TurnLog): void {
    log.pin = log.read();
    const thread = this.#threads.get(log.threadId);
    if (thread && thread.starts.size > 0) thread.fresh.push(log);
    else if (this.#anywhere > 0) this.#fresh.push(log);
    else this.#keep(log);
  }

  /** Whether a start without an answer may turn out to be on this thread. */
  #mayBeStarted(threadId: string | undefined): boolean {
    return this.#anywhere > 0 || (this.#threads.get(threadId)?.starts.size ?? 0) > 0;
  }

  #complete(log: TurnLog): void {
    log.end();
    this.#ended.delete(log.id);
    keepNewest(this.#ended.set(log.id, log.progress.state), rememberedTurns);
    this.#leave(log);
    this.released(log);
  }

  /** A start is over. What began meanwhile and is not its own was started by somebody else. */
  #endStart(threadId: string | undefined, thread: ThreadTurns, places: Map<string, EventReader<Notification>>): void {
    thread.starts.delete(places);
    if (thread.starts.size > 0) return;
    this.#settle(thread.fresh.splice(0));
    this.#tidy(threadId, thread);
  }

  #settle(fresh: readonly TurnLog[]): void {
    for (const log of fresh) if (log.pin) this.#keep(log);
  }

  #keep(log: TurnLog): void {
    this.#foreign.add(log);
    this.#foreignWeight += log.weight;
    this.#limitForeign();
  }

  #limitForeign(): void {
    if (this.#foreignWeight <= this.#foreignLimit && this.#foreign.size <= rememberedTurns) return;
    for (const oldest of this.#foreign) {
      this.#claim(oldest);
      if (this.#foreignWeight <= this.#foreignLimit && this.#foreign.size <= rememberedTurns) return;
    }
  }

  /** Its events are kept for its readers alone. */
  #claim(log: TurnLog): void {
    if (this.#foreign.delete(log)) this.#foreignWeight -= log.weight;
    log.pin?.close();
    log.pin = undefined;
    this.released(log);
  }

  #move(log: TurnLog, threadId: string): void {
    this.#leave(log);
    log.threadId = threadId;
    if (log.ended) return;
    const thread = this.#thread(threadId);
    thread.running.add(log);
    // A turn that began during the start has a pin at its first event, and one that ran before has its place.
    if (log.pin) return;
    for (const places of thread.starts) if (!places.has(log.id)) places.set(log.id, this.#place(log));
  }

  #place(log: TurnLog): EventReader<Notification> {
    this.#unread.delete(log);
    return log.read();
  }

  #leave(log: TurnLog): void {
    const thread = this.#threads.get(log.threadId);
    thread?.running.delete(log);
    if (thread) this.#tidy(log.threadId, thread);
  }

  #forget(log: TurnLog): void {
    this.#unread.delete(log);
    this.#logs.delete(log.id);
    if (this.#latest === log) this.#latest = undefined;
    this.#leave(log);
  }

  #thread(threadId: string | undefined): ThreadTurns {
    let thread = this.#threads.get(threadId);
    if (!thread) {
      thread = new ThreadTurns();
      this.#threads.set(threadId, thread);
    }
    return thread;
  }

  #tidy(threadId: string | undefined, { running, starts }: ThreadTurns): void {
    if (running.size + starts.size === 0) this.#threads.delete(threadId);
  }
}
