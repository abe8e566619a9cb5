import { InvalidRequestError } from '../errors/rpc-errors.ts';
import type {
  ThreadGoalClearResponse,
  ThreadGoalSetResponse,
  TurnInterruptResponse,
  TurnSteerResponse,
} from '../protocol/index.ts';
import { assertTimeout, type CallOptions, type Limits } from '../rpc/limits.ts';
import type { Notification } from '../rpc/notification.ts';
import { inactive, interruptGoalTurn, pauseGoal, steerGoal } from './goal-control.ts';
import type { GoalOperation } from './goal-operation.ts';
import { GoalSubscription } from './goal-subscription.ts';
import type { Input } from './inputs.ts';
import type { LazySession } from './lazy-session.ts';
import type { Session } from './session.ts';
import { collectTurnResult, type TurnResult } from './turn-result.ts';
import { turnStream } from './turn-stream.ts';
import { wireInput } from './wire-input.ts';

/**
 * A goal that the engine works on (in Python private). It looks like one turn, though the engine takes as many as it needs: its events are those of all
 * of them, with the goal's id, between one `turn/started` and one `turn/completed`. The completion tells the first failed turn's failure, if one failed, else
 * the last turn's end; `durationMs` is in whole seconds, from the first turn's start. A handle that is never read holds its thread until the goal is over.
 */
export class GoalHandle {
  readonly threadId: string;
  /** The id of the goal's first turn, which stands for all of them. */
  readonly id: string;
  readonly #owner: LazySession;
  readonly #session: Session;
  readonly #operation: GoalOperation;
  readonly #subscription: GoalSubscription;

  /** Made by `Thread.startGoal()`. */
  constructor(owner: LazySession, session: Session, operation: GoalOperation) {
    this.#owner = owner;
    this.threadId = operation.threadId;
    this.id = operation.id ?? '';
    this.#session = session;
    this.#operation = operation;
    this.#subscription = new GoalSubscription(session, operation, this.id, owner);
  }

  /**
   * The goal's events, to the one `turn/completed`. Ending the loop early gives up the handle's place: the goal goes on unheard, and the thread is free
   * for other turns. An abort pauses the goal and interrupts its turn first.
   * @throws TransportClosedError when the connection is gone, or the handle's events have been read before
   * @throws CodexError when the engine turns out not to know goals; AbortError when `signal` fires
   */
  stream(options: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<Notification, void, void> {
    return turnStream(this.#subscription, options.signal);
  }

  /**
   * Reads the goal to its end and returns what all its turns came to: the items of each, the last token usage. An interrupted or paused goal is a
   * normal result. An abort pauses the goal and interrupts its turn.
   * @throws TurnFailedError when one of its turns failed
   * @throws what `stream()` throws
   */
  run(options: { signal?: AbortSignal | undefined } = {}): Promise<TurnResult> {
    return collectTurnResult(this.stream(options), this.id);
  }

  /**
   * Adds user input to the turn that the goal is in (`turn/steer`); between two turns it waits for the next one. The answer's `turnId` is the goal's id.
   * @throws TypeError for what is no user input, an `ExternalMessage` included; nothing is sent
   * @throws InvalidRequestError when the goal is over
   */
  async steer(input: Input | string, options: CallOptions = {}): Promise<TurnSteerResponse> {
    const wire = wireInput(input);
    return await this.#during(options, (limits) => steerGoal(this.#session, this.#operation, wire, limits));
  }

  /**
   * Stops the goal now: pauses it and interrupts the turn that it is in. Its events go on to a `turn/completed` with the status `interrupted`.
   * @throws InvalidRequestError when the goal is over
   */
  async interrupt(options: CallOptions = {}): Promise<TurnInterruptResponse> {
    if (this.#operation.finished) {
      throw new InvalidRequestError(-32600, inactive('interrupt'), undefined, 'turn/interrupt');
    }
    return await this.#during(options, async (limits) => {
      await this.#operation.interruptBy(pauseGoal(this.#session, this.threadId, limits));
      await interruptGoalTurn(this.#session, this.#operation, limits);
      return {};
    });
  }

  /** Stops the goal after the turn that it is in (`thread/goal/set` with the status `paused`). The thread keeps it. */
  async pause(options: CallOptions = {}): Promise<ThreadGoalSetResponse> {
    return await this.#during(options, (limits) => pauseGoal(this.#session, this.threadId, limits));
  }

  /** Stops the goal after the turn that it is in, and takes it from the thread (`thread/goal/clear`). */
  async clear(options: CallOptions = {}): Promise<ThreadGoalClearResponse> {
    const { threadId } = this;
    const answer = await this.#during(options, (limits) =>
      this.#session.request('thread/goal/clear', { threadId }, limits),
    );
    return answer as unknown as ThreadGoalClearResponse;
  }

  /** As `LazySession.call()`, but on the goal's own connection: after a `close()` there is no such goal on the next one. */
  async #during<T>({ signal, timeoutMs }: CallOptions, work: (limits: Limits) => Promise<T>): Promise<T> {
    assertTimeout('timeoutMs', timeoutMs);
    return await this.#owner.during(work({ signal, timeoutMs, since: performance.now() }));
  }
}
