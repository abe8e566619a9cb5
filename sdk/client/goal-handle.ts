import type { TurnDenials } from '../approvals/denials.ts';
import { showCallers } from '../errors/callers-line.ts';
import { InvalidRequestError } from '../errors/rpc-errors.ts';
import { hiddenState } from '../objects/hidden-state.ts';
import { checkOptions } from '../options/check-options.ts';
import type {
  ThreadGoalClearResponse,
  ThreadGoalSetResponse,
  ThreadItem,
  TurnInterruptResponse,
  TurnSteerResponse,
} from '../protocol/index.ts';
import { assertTimeout, type CallOptions, callRules, type Limits, signalRules } from '../rpc/limits.ts';
import type { Notification } from '../rpc/notification.ts';
import { byteStream } from './byte-stream.ts';
import { inactive, interruptGoalTurn, pauseGoal, steerGoal } from './goal-control.ts';
import type { GoalOperation } from './goal-operation.ts';
import { GoalSubscription, goalStream } from './goal-subscription.ts';
import { goalItems, goalText } from './goal-views.ts';
import type { Input } from './inputs.ts';
import type { LazySession } from './lazy-session.ts';
import type { Session } from './session.ts';
import { type ReadableStreamOptions, readableStreamRules } from './stream-options.ts';
import { type InterruptOptions, interruptRules } from './turn-handle.ts';
import { collectTurnResult, type TurnResult } from './turn-result.ts';
import { wireInput } from './wire-input.ts';

const state = hiddenState<{
  owner: LazySession;
  session: Session;
  operation: GoalOperation;
  subscription: GoalSubscription;
  denials: TurnDenials;
}>('GoalHandle');

/**
 * A goal that the engine works on (private in Python). The engine may need many turns for it, but the handle presents
 * them as one: all events carry the goal's id, between one `turn/started` and one `turn/completed`. If a turn failed,
 * the completion reports the first failure, otherwise the end of the last turn. `durationMs` is in whole seconds, from
 * the start of the first turn. A handle that is never read blocks its thread until the goal is over.
 */
export class GoalHandle {
  readonly threadId: string;
  /** The id of the goal's first turn. It stands for all of them. */
  readonly id: string;

  /** Created by `Thread.startGoal()`. */
  constructor(owner: LazySession, session: Session, operation: GoalOperation) {
    this.threadId = operation.threadId;
    this.id = operation.id ?? '';
    const { threadId } = operation;
    const denials = session.broker.freshDenialsOf(threadId);
    // Without the handle, which may be dropped before the goal is over.
    operation.whenFinished(() => session.broker.forgetDenials(threadId, denials));
    const subscription = new GoalSubscription(session, operation, this.id, owner, denials);
    state.set(this, { owner, session, operation, subscription, denials });
  }

  /**
   * Yields the goal's events up to its single `turn/completed`. If you leave the loop early, you give up the handle's
   * position: the goal continues without a reader, and you can start other turns on the thread. An abort first pauses
   * the goal and interrupts its turn.
   * @throws TransportClosedError if the connection is gone, or this handle has been read already
   * @throws CodexError if the engine turns out not to support goals; AbortError if `signal` fires
   */
  stream(options: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<Notification, void, void> {
    checkOptions('GoalHandle.stream', options, signalRules);
    return goalStream(state.of(this).subscription, options.signal);
  }

  /**
   * Yields the text of the agent's messages in all of the goal's turns, as it arrives. Each call has a reader of its own,
   * from this handle's position on, and takes nothing from anybody. Leaving it, or aborting it, leaves the goal alone.
   * @throws what `run()` throws, after the last piece
   */
  text(options: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<string, void, void> {
    checkOptions('GoalHandle.text', options, signalRules);
    const { subscription, denials } = state.of(this);
    return goalText(viewOf(this, options.signal), this.id, denials, subscription.isUntouched);
  }

  /**
   * Yields the items of all of the goal's turns as they complete. Each call has a reader of its own, like that of `text()`.
   * @throws what `run()` throws, after the last item
   */
  items(options: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<ThreadItem, void, void> {
    checkOptions('GoalHandle.items', options, signalRules);
    return goalItems(viewOf(this, options.signal), this.id, state.of(this).denials);
  }

  /** The goal as a web stream of bytes; see `TurnHandle.toReadableStream()`. Its reader is like that of `text()`. */
  toReadableStream(options: ReadableStreamOptions = {}): ReadableStream<Uint8Array<ArrayBuffer>> {
    checkOptions('GoalHandle.toReadableStream', options, readableStreamRules);
    const { content = 'events', signal } = options;
    const values = content === 'events' ? viewOf(this, signal) : this[content]({ signal });
    return byteStream(values, GoalHandle.prototype.toReadableStream);
  }

  /**
   * Reads the goal to its end and returns the combined result of its turns: the items of each, and the last token
   * usage. An interrupted or paused goal is a normal result. An abort pauses the goal and interrupts its turn.
   * @throws TurnFailedError if one of its turns failed
   * @throws what `stream()` throws
   */
  async run(options: { signal?: AbortSignal | undefined } = {}): Promise<TurnResult> {
    checkOptions('GoalHandle.run', options, signalRules);
    return await collectTurnResult(this.stream(options), this.id, state.of(this).denials);
  }

  /**
   * Waits for the end of the goal and returns the combined result of its turns. It reads no events, so you can call it
   * before, beside or after `stream()`, inside its loop, and again. If you left the loop early, the result is out of
   * reach, unless the goal was over by then. An interrupted or paused goal is a normal result. Aborting ends this wait
   * alone; the goal continues. Items count towards `CodexConfig.unreadLimit`.
   * ```ts no-run: the goal is the model's to end
   * import { Codex } from 'twinproof';
   *
   * await using codex = new Codex();
   * const thread = await codex.threadStart();
   * const goal = await thread.startGoal('Make the tests pass.');
   * for await (const { method } of goal.stream()) console.log(method);
   * console.log((await goal.result()).finalResponse);
   * ```
   * @throws TurnFailedError if one of its turns failed; ApprovalDeniedError after a refusal, with `onDenial: 'throw'`
   * @throws TransportClosedError if the connection went before the goal's end, or the loop was left before it
   * @throws CodexError if the engine turns out not to support goals, or the items came to more than the limit; AbortError if `signal` fires
   */
  async result(options: { signal?: AbortSignal | undefined } = {}): Promise<TurnResult> {
    checkOptions('GoalHandle.result', options, signalRules);
    return await state.of(this).subscription.result(options.signal);
  }

  /**
   * Adds user input to the goal's current turn (`turn/steer`). Between two turns it waits for the next one. `turnId` in
   * the answer is the goal's id.
   * @throws TypeError if this is not user input, or is an `ExternalMessage`; nothing is sent
   * @throws InvalidRequestError if the goal is over
   */
  async steer(input: Input | string, options: CallOptions = {}): Promise<TurnSteerResponse> {
    checkOptions('GoalHandle.steer', options, callRules);
    const wire = wireInput(input);
    const { session, operation } = state.of(this);
    return await during(this, options, (limits) => steerGoal(session, operation, wire, limits));
  }

  /**
   * Stops the goal now: pauses it and interrupts its current turn. Its events continue to a `turn/completed` with the
   * status `interrupted`. With `hard`, the commands of that turn are ended too; see `TurnHandle.interrupt()`.
   * @throws InvalidRequestError if the goal is over
   */
  async interrupt(options: InterruptOptions = {}): Promise<TurnInterruptResponse> {
    checkOptions('GoalHandle.interrupt', options, interruptRules);
    const { session, operation } = state.of(this);
    if (operation.finished) {
      throw new InvalidRequestError(-32600, inactive('interrupt'), undefined, 'turn/interrupt');
    }
    return await during(this, options, async (limits) => {
      await operation.interruptBy(pauseGoal(session, this.threadId, limits));
      const turnId = operation.turnToInterrupt;
      await interruptGoalTurn(session, operation, limits);
      if (options.hard && turnId !== undefined) await session.stops.endAll(this.threadId, turnId);
      return {};
    });
  }

  /** Stops the goal after its current turn (`thread/goal/set` with the status `paused`). The thread keeps the goal. */
  async pause(options: CallOptions = {}): Promise<ThreadGoalSetResponse> {
    checkOptions('GoalHandle.pause', options, callRules);
    const { session } = state.of(this);
    return await during(this, options, (limits) => pauseGoal(session, this.threadId, limits));
  }

  /** Stops the goal after its current turn and removes it from the thread (`thread/goal/clear`). */
  async clear(options: CallOptions = {}): Promise<ThreadGoalClearResponse> {
    checkOptions('GoalHandle.clear', options, callRules);
    const { threadId } = this;
    const { session } = state.of(this);
    const answer = await during(this, options, (limits) => session.request('thread/goal/clear', { threadId }, limits));
    return answer as unknown as ThreadGoalClearResponse;
  }
}

showCallers(GoalHandle.prototype);

/** What the handle has not read yet, for another reader. */
function viewOf(goal: GoalHandle, signal: AbortSignal | undefined): AsyncGenerator<Notification, void, void> {
  return state.of(goal).subscription.fork(signal);
}

/** Like `LazySession.call()`, but on the goal's own connection: after a `close()`, the next connection has no such goal. */
async function during<T>(
  goal: GoalHandle,
  { signal, timeoutMs }: CallOptions,
  work: (limits: Limits) => Promise<T>,
): Promise<T> {
  assertTimeout('timeoutMs', timeoutMs);
  return await state.of(goal).owner.during(work({ signal, timeoutMs, since: performance.now() }));
}
