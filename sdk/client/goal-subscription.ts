import type { TurnDenials } from '../approvals/denials.ts';
import { forReader } from '../errors/callers-line.ts';
import { AbortError, CodexError } from '../errors/codex-error.ts';
import { copyError, TransportClosedError } from '../errors/connection-errors.ts';
import type { Turn } from '../protocol/index.ts';
import { hasFailed } from '../rpc/engine-words.ts';
import type { Collector, Gathering } from '../rpc/gathering.ts';
import type { Notification } from '../rpc/notification.ts';
import type { TurnSubscription } from '../rpc/turn-subscription.ts';
import { cancelGoal } from './goal-control.ts';
import { goalStatusOf, isEnded, logicalCompletion, logicalEvent, turnOf } from './goal-events.ts';
import type { GoalOperation } from './goal-operation.ts';
import { endable, interruptible } from './interruptible.ts';
import type { Session } from './session.ts';
import { TurnCollector, type TurnResult } from './turn-result.ts';

/** What an event of one of the goal's turns means to the goal's reader. */
export interface GoalStep {
  event?: Notification;
  /** The goal is complete: this is what `GoalCursor.complete()` makes its last event of. */
  last?: Notification;
}

/**
 * Presents the many turns of a goal as one (Python: `_GoalStreamCursor`): one `turn/started`, every item under the
 * goal's id, one `turn/completed`. The engine reports the end of the goal before or after the end of its last turn;
 * either way there is one completion.
 */
export class GoalCursor {
  readonly #operation: GoalOperation;
  readonly #id: string;
  #started: Partial<Turn> | undefined;
  #lastCompletion: Notification | undefined;
  /** The first failed turn. A later turn that ends well does not make up for it. */
  #failure: Notification | undefined;
  #status: string | undefined;
  #running = false;
  #cleared = false;

  /** @param place a cursor of the same goal, to go on where that one is */
  constructor(operation: GoalOperation, id: string, place?: GoalCursor) {
    this.#operation = operation;
    this.#id = id;
    if (!place) return;
    this.#started = place.#started;
    this.#lastCompletion = place.#lastCompletion;
    this.#failure = place.#failure;
    this.#status = place.#status;
    this.#running = place.#running;
    this.#cleared = place.#cleared;
  }

  /** @throws CodexError for a turn that ends without any goal update: such an engine would never start the next turn */
  take(event: Notification): GoalStep {
    if (event.method === 'turn/started') return this.#onStarted(event);
    if (event.method === 'turn/completed') return this.#onCompleted(event);
    if (event.method === 'thread/goal/updated') {
      this.#status = goalStatusOf(event);
      if (this.#status === 'active') this.#cleared = false;
    } else if (event.method === 'thread/goal/cleared') this.#cleared = true;
    else return { event: logicalEvent(event, this.#id) };
    const last = this.#failure ?? this.#lastCompletion;
    return last && !this.#running && this.#over ? { last } : {};
  }

  #onStarted(event: Notification): GoalStep {
    this.#running = true;
    if (this.#started) return {};
    this.#started = turnOf(event);
    return { event: logicalEvent(event, this.#id) };
  }

  #onCompleted(event: Notification): GoalStep {
    this.#running = false;
    this.#lastCompletion = event;
    const { status, error } = turnOf(event);
    const failed = hasFailed(status, error);
    if (status === 'interrupted') return { last: this.#failure ?? event };
    if (failed) this.#failure = event;
    const goalMode = this.#status !== undefined || this.#cleared;
    if (!goalMode && !failed) {
      throw new CodexError('the connected Codex runtime did not activate goal mode for this turn', {
        kind: 'unsupported',
        action: 'reading the events of a goal',
      });
    }
    // Without goal mode there is no next turn. Python waits for it after a failed turn, forever.
    return this.#over || !goalMode ? { last: this.#failure ?? event } : {};
  }

  /** The goal's `turn/completed`. Waits for a pending interrupt, which it tells. */
  async complete(last: Notification): Promise<Notification> {
    const interrupted = await this.#operation.wasInterrupted();
    return logicalCompletion(last, this.#id, this.#started, interrupted);
  }

  get #over(): boolean {
    return this.#cleared || isEnded(this.#status);
  }
}

/** What a goal comes to, as its only reader would see it, whether or not anybody reads. */
class GoalCollector implements Collector {
  readonly #cursor: GoalCursor;
  readonly #turn: TurnCollector;
  #last: Notification | undefined;
  #failure: CodexError | undefined;

  constructor(cursor: GoalCursor, turn: TurnCollector) {
    this.#cursor = cursor;
    this.#turn = turn;
  }

  get over(): boolean {
    return this.#last !== undefined || this.#failure !== undefined;
  }

  take(event: Notification): void {
    try {
      const { event: own, last } = this.#cursor.take(event);
      if (own) this.#turn.take(own);
      this.#last = last;
    } catch (error) {
      this.#failure = error as CodexError;
    }
  }

  /** @throws what `GoalCursor.take()` and `TurnCollector.result()` throw */
  async result(action: string): Promise<TurnResult> {
    if (this.#failure) throw copyError(this.#failure, { action });
    if (this.#last) this.#turn.take(await this.#cursor.complete(this.#last));
    return this.#turn.result();
  }
}

/** The only reader of a goal's events, which sees them as those of one turn. */
export class GoalSubscription {
  readonly #session: Session;
  readonly #operation: GoalOperation;
  readonly #id: string;
  readonly #cursor: GoalCursor;
  readonly #events: TurnSubscription;
  readonly #gathering: Gathering<GoalCollector>;
  #closed = false;

  /** @param keeper see `TurnSubscription.keep()` */
  constructor(session: Session, operation: GoalOperation, id: string, keeper: object, denials: TurnDenials) {
    this.#session = session;
    this.#operation = operation;
    this.#id = id;
    this.#cursor = new GoalCursor(operation, id);
    // Before there is a reader: it hears what has come already.
    this.#gathering = operation.gather(
      new GoalCollector(new GoalCursor(operation, id), new TurnCollector(id, denials)),
    );
    this.#events = operation.subscribe().keep(keeper);
  }

  /** Nothing has been read of it. */
  get isUntouched(): boolean {
    return this.#events.isUntouched;
  }

  /**
   * The events that have not been read yet, for another reader. An abort, or leaving it, concerns that reader alone: the
   * goal continues, and so does this subscription.
   */
  fork(signal?: AbortSignal): AsyncGenerator<Notification, void, void> {
    const events = this.#events.fork();
    const cursor = new GoalCursor(this.#operation, this.#id, this.#cursor);
    return interruptible(signal, async function* read(ended) {
      let readToEnd = false;
      try {
        while (!readToEnd) {
          const { event, last } = cursor.take(await events.next(ended));
          readToEnd = last !== undefined;
          if (event) yield event;
          if (last) yield await cursor.complete(last);
        }
      } finally {
        events.close(readToEnd);
      }
    });
  }

  /**
   * Waits for the next event; `turn/completed` is the last one. An abort cancels the goal: it is paused and its turn
   * interrupted before the call rejects, because nobody else would stop the engine from starting turn after turn.
   * @throws what `TurnSubscription.next()` throws; CodexError if the engine turns out not to support goals
   */
  async next(signal?: AbortSignal): Promise<Notification> {
    try {
      for (;;) {
        const { event, last } = this.#cursor.take(await this.#events.next(signal));
        if (event) return event;
        if (last === undefined) continue;
        const completion = await this.#cursor.complete(last);
        this.close(true);
        return completion;
      }
    } catch (error) {
      if (error instanceof AbortError && !this.#closed) await cancelGoal(this.#session, this.#operation);
      this.close();
      throw error;
    }
  }

  /**
   * Waits for the end of the goal. It reads nothing.
   * @throws AbortError if `signal` fires; why the goal's end is out of reach; what `GoalCollector.result()` throws
   */
  async result(signal?: AbortSignal): Promise<TurnResult> {
    const collector = await this.#events.gathered(this.#gathering, signal);
    return await collector.result('waiting for the result of a goal');
  }

  /** Gives up the position: the goal continues, and its thread is free for other turns. */
  close(readToEnd = false): void {
    this.#closed = true;
    // The thread's turns are no longer taken for the goal's.
    this.#gathering.fail(
      new TransportClosedError(
        `the result of goal ${this.#events.id} is out of reach: reading its events ended early, as a loop was left, or a call was aborted or failed`,
      ),
    );
    this.#events.close(readToEnd);
    this.#session.goals.release(this.#operation);
  }
}

/**
 * Yields the events of a goal up to its completion. When it ends, including by `break`, it closes the subscription. It
 * differs from a plain async generator in one way: `return()` ends a pending wait. A plain one would wait for the next
 * event, which may never come.
 */
export function goalStream(
  subscription: GoalSubscription,
  signal?: AbortSignal,
): AsyncGenerator<Notification, void, void> {
  let started = false;
  let readToEnd = false;
  let returned = false;
  async function* read(): AsyncGenerator<Notification, void, void> {
    started = true;
    try {
      for (;;) {
        const event = await subscription.next(signal);
        readToEnd = event.method === 'turn/completed';
        yield event;
        if (readToEnd) return;
      }
    } catch (error) {
      if (!returned) throw forReader(error);
    } finally {
      subscription.close(readToEnd);
    }
  }
  return endable(read(), () => {
    returned = true;
    if (started) subscription.close(readToEnd);
  });
}
