import { AbortError, CodexError } from '../errors/codex-error.ts';
import type { Turn } from '../protocol/index.ts';
import type { Notification } from '../rpc/notification.ts';
import type { TurnSubscription } from '../rpc/turn-subscription.ts';
import { cancelGoal } from './goal-control.ts';
import { goalStatusOf, isEnded, logicalCompletion, logicalEvent, turnOf } from './goal-events.ts';
import type { GoalOperation } from './goal-operation.ts';
import type { Session } from './session.ts';
import type { TurnEvents } from './turn-stream.ts';

/** What an event of one of the goal's turns comes to for the goal's reader. */
export interface GoalStep {
  event?: Notification;
  /** The goal is complete: no further event. */
  completed: boolean;
}

/**
 * Makes one turn of the many that an engine works on a goal in (Python: `_GoalStreamCursor`): one `turn/started`, every item under the goal's id, one
 * `turn/completed`. The engine tells the end of the goal before the end of its last turn or after it; either way there is one completion.
 */
export class GoalCursor {
  readonly #operation: GoalOperation;
  readonly #id: string;
  #started: Partial<Turn> | undefined;
  #lastCompletion: Notification | undefined;
  /** A failed turn is remembered: a later one that ends well does not make up for it. */
  #failure: Notification | undefined;
  #status: string | undefined;
  #running = false;
  #cleared = false;

  constructor(operation: GoalOperation, id: string) {
    this.#operation = operation;
    this.#id = id;
  }

  /** @throws CodexError for a turn that ends without any word of a goal: such an engine would never go on to the next */
  async take(event: Notification): Promise<GoalStep> {
    if (event.method === 'turn/started') return this.#onStarted(event);
    if (event.method === 'turn/completed') return await this.#onCompleted(event);
    if (event.method === 'thread/goal/updated') {
      this.#status = goalStatusOf(event);
      if (this.#status === 'active') this.#cleared = false;
    } else if (event.method === 'thread/goal/cleared') this.#cleared = true;
    else return { event: logicalEvent(event, this.#id), completed: false };
    const last = this.#failure ?? this.#lastCompletion;
    return last && !this.#running && this.#over ? await this.#complete(last) : { completed: false };
  }

  #onStarted(event: Notification): GoalStep {
    this.#running = true;
    if (this.#started) return { completed: false };
    this.#started = turnOf(event);
    return { event: logicalEvent(event, this.#id), completed: false };
  }

  async #onCompleted(event: Notification): Promise<GoalStep> {
    this.#running = false;
    this.#lastCompletion = event;
    const { status } = turnOf(event);
    if (status === 'interrupted') return await this.#complete(this.#failure ?? event);
    if (status === 'failed') this.#failure = event;
    const goalMode = this.#status !== undefined || this.#cleared;
    if (!goalMode && status !== 'failed') {
      throw new CodexError('the connected Codex runtime did not activate goal mode for this turn', {
        kind: 'unsupported',
        action: 'reading the events of a goal',
      });
    }
    // Without goal mode there is no next turn: Python waits for it after a failed one, for ever.
    return this.#over || !goalMode ? await this.#complete(this.#failure ?? event) : { completed: false };
  }

  async #complete(completion: Notification): Promise<GoalStep> {
    const interrupted = await this.#operation.wasInterrupted();
    return { event: logicalCompletion(completion, this.#id, this.#started, interrupted), completed: true };
  }

  get #over(): boolean {
    return this.#cleared || isEnded(this.#status);
  }
}

/** The one reader of a goal's events, which sees them as those of one turn. */
export class GoalSubscription implements TurnEvents {
  readonly #session: Session;
  readonly #operation: GoalOperation;
  readonly #cursor: GoalCursor;
  readonly #events: TurnSubscription;
  #closed = false;

  /** @param keeper see `TurnSubscription.keep()` */
  constructor(session: Session, operation: GoalOperation, id: string, keeper: object) {
    this.#session = session;
    this.#operation = operation;
    this.#cursor = new GoalCursor(operation, id);
    this.#events = operation.subscribe().keep(keeper);
  }

  /**
   * The next event, `turn/completed` last. An abort cancels the goal: it is paused and its turn interrupted before the caller is freed, as nobody else
   * would stop the engine from starting turn after turn.
   * @throws what `TurnSubscription.next()` throws; CodexError when the engine turns out not to know goals
   */
  async next(signal?: AbortSignal): Promise<Notification> {
    try {
      for (;;) {
        const { event, completed } = await this.#cursor.take(await this.#events.next(signal));
        if (completed) this.close();
        if (event) return event;
      }
    } catch (error) {
      if (error instanceof AbortError && !this.#closed) await cancelGoal(this.#session, this.#operation);
      this.close();
      throw error;
    }
  }

  /** Gives up the place: the goal goes on, and its thread is free for other turns. */
  close(): void {
    this.#closed = true;
    this.#events.close();
    this.#session.goals.release(this.#operation);
  }
}
