import { AbortError } from '../errors/abort-error.ts';
import type { Notification } from '../rpc/notification.ts';
import type { TurnSubscription } from '../rpc/turn-subscription.ts';
import { cancelGoal } from './goal-control.ts';
import { GoalCursor } from './goal-cursor.ts';
import type { GoalOperation } from './goal-operation.ts';
import type { Session } from './session.ts';
import type { TurnEvents } from './turn-stream.ts';

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
