import { AbortError, CodexError } from '../errors/codex-error.ts';
import { InvalidRequestError } from '../errors/rpc-errors.ts';
import { startDeadline } from '../host/deadline.ts';
import { finite, number, orNull, type RulesFor } from '../options/check-options.ts';
import type { ThreadGoalSetResponse, TurnSteerResponse } from '../protocol/index.ts';
import { isBusy } from '../rpc/engine-words.ts';
import { isObject } from '../rpc/is-object.ts';
import { assertTimeout, type CallOptions, callRules, type Limits, orAbort } from '../rpc/limits.ts';
import type { GoalOperation } from './goal-operation.ts';
import type { Session } from './session.ts';
import { withoutUnset } from './unset.ts';

/** The engine's own limit, in Unicode characters. */
const objectiveLimit = 4000;

const starting = 'starting a goal';

/** Options of `Thread.startGoal()` and `Thread.runGoal()`. */
export interface GoalOptions extends CallOptions {
  /**
   * How long to wait for the engine's first turn after it has accepted the goal, in milliseconds. 0 waits forever.
   * Default: 30,000.
   */
  startTimeoutMs?: number | undefined;
  /** How many tokens the goal may use before the engine ends it as `budgetLimited`. Default: no limit. */
  tokenBudget?: number | null | undefined;
}

/** The text to send. @throws TypeError, RangeError */
export function goalObjective(objective: unknown): string {
  if (typeof objective !== 'string') throw new TypeError('goal objective must be a string');
  const text = objective.trim();
  if (text === '') throw new RangeError('goal objective must not be empty');
  if ([...text].length > objectiveLimit) {
    throw new RangeError(`goal objective must be at most ${objectiveLimit} characters`);
  }
  return text;
}

/**
 * Gives a thread a goal and waits for its first turn (Python: `start_goal_operation`). Only one start of a turn or a
 * goal per thread happens at a time. Aborting rejects the call. If the goal has not been set yet, it is not set any
 * more; otherwise it is cancelled as soon as it has started.
 * @throws what `Thread.startGoal()` lists
 */
export async function startGoal(
  session: Session,
  threadId: string,
  objective: string,
  options: GoalOptions & Limits,
): Promise<GoalOperation> {
  assertTimeout('startTimeoutMs', options.startTimeoutMs);
  const { signal } = options;
  const release = await orAbort(starting, session.starts.acquire(threadId), options, (late) => late());
  const work = begin(session, threadId, objective, options)
    // Nobody will read it; cancel it before the next start on the thread.
    .then(async (operation) => (signal?.aborted ? await abandon(session, operation) : operation))
    .finally(release);
  const discard = (operation: GoalOperation) => void abandon(session, operation);
  return await orAbort(starting, work, { signal }, discard);
}

async function abandon(session: Session, operation: GoalOperation): Promise<GoalOperation> {
  if (operation.finished) return operation;
  await cancelGoal(session, operation);
  session.goals.release(operation);
  return operation;
}

async function begin(
  session: Session,
  threadId: string,
  objective: string,
  { signal, timeoutMs, since, startTimeoutMs = 30_000, tokenBudget }: GoalOptions & Limits,
): Promise<GoalOperation> {
  const limits = { timeoutMs, since };
  const assertWanted = () => {
    if (signal?.aborted) throw new AbortError(starting, signal.reason);
  };
  // Requests are sent without the signal: what follows depends on the answer to what has been sent.
  assertWanted();
  const { thread } = await session.request('thread/read', { threadId, includeTurns: false }, limits);
  assertReady(threadId, thread);
  assertWanted();
  // Reserve it before clearing the former goal: the goal's events may arrive before the answers.
  const operation = session.goals.reserve(threadId);
  try {
    await session.request('thread/goal/clear', { threadId }, limits);
    assertWanted();
    operation.accept();
    const goal = { threadId, objective, status: 'active', ...withoutUnset({ tokenBudget }) };
    await session.request('thread/goal/set', goal, limits);
    await awaitFirstTurn(operation, startTimeoutMs);
    return operation;
  } catch (error) {
    // Refused or not sent: there is nothing to stop. After any other failure, the engine may be working.
    const nothingSet = error instanceof InvalidRequestError || error instanceof AbortError;
    if (!nothingSet) await cancelGoal(session, operation);
    session.goals.release(operation);
    throw error;
  }
}

function assertReady(threadId: string, thread: unknown): void {
  const { status, ephemeral, path } = isObject(thread) ? thread : {};
  if (isBusy(status)) {
    throw new InvalidRequestError(
      -32600,
      `thread must be idle before starting a goal: ${threadId}`,
      undefined,
      starting,
    );
  }
  if (ephemeral === true || path == null) {
    throw new InvalidRequestError(
      -32600,
      `thread must be persisted before starting a goal: ${threadId}`,
      undefined,
      starting,
    );
  }
}

async function awaitFirstTurn(operation: GoalOperation, timeoutMs: number): Promise<void> {
  const timedOut = new AbortController();
  const stopTimer = startDeadline(timeoutMs, undefined, () => timedOut.abort());
  try {
    if ((await operation.firstTurn(timedOut.signal)) !== undefined) return;
  } finally {
    stopTimer();
  }
  throw new CodexError(`timed out waiting for goal turn to start after ${timeoutMs / 1000} seconds`, {
    kind: 'timeout',
    action: starting,
  });
}

/**
 * How long the requests sent after a failure or an abort may delay the caller. The real engine leaves some interrupts
 * unanswered.
 */
const cancelTimeoutMs = 10_000;

/** Pauses a goal: the running turn continues to its end, and no further turn is started. */
export async function pauseGoal(session: Session, threadId: string, options: Limits): Promise<ThreadGoalSetResponse> {
  const answer = await session.request('thread/goal/set', { threadId, status: 'paused' }, options);
  return answer as unknown as ThreadGoalSetResponse;
}

/** Pauses a goal and interrupts its turn, as far as possible. Never rejects. */
export async function cancelGoal(session: Session, operation: GoalOperation): Promise<void> {
  const options = { timeoutMs: cancelTimeoutMs };
  const { threadId, turnToInterrupt: turnId } = operation;
  await pauseGoal(session, threadId, options).catch(() => undefined);
  await interruptGoalTurn(session, operation, options).catch(() => undefined);
  if (turnId !== undefined) await session.stops.endWork(threadId, turnId);
}

/**
 * Interrupts the goal's current turn. If the engine answers that another turn is running by now, interrupts that one,
 * once.
 * @throws JsonRpcError for any refusal except that there is nothing to interrupt
 */
export async function interruptGoalTurn(session: Session, operation: GoalOperation, options: Limits): Promise<void> {
  const { threadId, turnToInterrupt: turnId } = operation;
  if (turnId === undefined) return;
  const interrupt = async (id: string) => {
    try {
      await session.request('turn/interrupt', { threadId, turnId: id }, options);
    } catch (error) {
      if (!(error instanceof InvalidRequestError) || error.rpcMessage !== inactive('interrupt')) throw error;
    }
  };
  try {
    await interrupt(turnId);
  } catch (error) {
    if (!isOtherTurn(error)) throw error;
    const active = namedTurn(error) ?? operation.current;
    if (active !== undefined && active !== turnId) await interrupt(active);
  }
}

/**
 * Adds input to the goal's current turn. Between two turns it waits for the next one. If the engine has moved on to
 * another turn, the input goes to that one.
 * @throws InvalidRequestError `no active turn to steer` if no further turn will come
 */
export async function steerGoal(
  session: Session,
  operation: GoalOperation,
  input: readonly object[],
  options: Limits,
): Promise<TurnSteerResponse> {
  const { threadId } = operation;
  const steer = async (turnId: string | undefined, cause?: unknown) => {
    if (turnId !== undefined) {
      return await session.request('turn/steer', { threadId, expectedTurnId: turnId, input }, options);
    }
    const error = new InvalidRequestError(-32600, inactive('steer'), undefined, 'turn/steer');
    throw cause === undefined ? error : Object.assign(error, { cause });
  };
  const turnId = await operation.activeTurn(undefined, options.signal);
  let answer: object;
  try {
    answer = await steer(turnId);
  } catch (error) {
    const gone = error instanceof InvalidRequestError && error.rpcMessage === inactive('steer');
    if (turnId === undefined || !(gone || isOtherTurn(error))) throw error;
    answer = await steer(namedTurn(error) ?? (await operation.activeTurn(turnId, options.signal)), error);
  }
  return { ...answer, turnId: operation.id ?? '' };
}

/** The engine's words, which are also Python's. */
export const inactive = (action: 'interrupt' | 'steer') => `no active turn to ${action}`;

/** Whether the request was refused because another turn is running. */
function isOtherTurn(error: unknown): boolean {
  return error instanceof InvalidRequestError && error.rpcMessage.startsWith('expected active turn id');
}

/** The running turn, read from that refusal: only its text names it. */
function namedTurn(error: unknown): string | undefined {
  return error instanceof InvalidRequestError ? / but found `?([^`]+)`?$/.exec(error.rpcMessage)?.[1] : undefined;
}

export const goalRules: RulesFor<GoalOptions> = { ...callRules, startTimeoutMs: number, tokenBudget: orNull(finite) };
