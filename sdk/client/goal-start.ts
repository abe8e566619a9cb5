import { AbortError } from '../errors/abort-error.ts';
import { CodexError } from '../errors/codex-error.ts';
import { InvalidRequestError } from '../errors/rpc-errors.ts';
import { isObject } from '../rpc/is-object.ts';
import { assertTimeout, type CallOptions, type Limits, startTimer } from '../rpc/limits.ts';
import { orAbort } from '../rpc/or-abort.ts';
import { cancelGoal } from './goal-control.ts';
import type { GoalOperation } from './goal-operation.ts';
import type { Session } from './session.ts';
import { withoutUnset } from './unset.ts';

/** The engine's own limit, in Unicode characters. */
const objectiveLimit = 4000;

const starting = 'starting a goal';

/** Options of `Thread.startGoal()` and `Thread.runGoal()`. */
export interface GoalOptions extends CallOptions {
  /** How long to wait for the engine's first turn after it has taken the goal, in milliseconds; 0: for ever. Default 30,000. */
  startTimeoutMs?: number | undefined;
  /** Tokens that the goal may use; the engine ends it as `budgetLimited` then. Default: no limit. */
  tokenBudget?: number | null | undefined;
}

/** The text as it is sent. @throws TypeError, RangeError */
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
 * Gives a thread a goal and waits for its first turn (Python: `start_goal_operation`). One start of a turn or a goal per thread is under way at a time. An
 * abort frees the caller: before the goal is set, it is not set any more; after that the goal is cancelled as soon as it has started.
 * @throws what `Thread.startGoal()` says
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
    // Nobody will read it; before the next start on the thread.
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
  // Requests go out without the signal: what has been sent is waited for, as what follows depends on its answer.
  assertWanted();
  const { thread } = await session.request('thread/read', { threadId, includeTurns: false }, limits);
  assertReady(threadId, thread);
  assertWanted();
  // Reserved before the former goal is cleared: the goal's events may come before the answers.
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
    // Refused, or not sent: there is nothing to stop. After any other failure the engine may be at work.
    const nothingSet = error instanceof InvalidRequestError || error instanceof AbortError;
    if (!nothingSet) await cancelGoal(session, operation);
    session.goals.release(operation);
    throw error;
  }
}

function assertReady(threadId: string, thread: unknown): void {
  const { status, ephemeral, path } = isObject(thread) ? thread : {};
  if (!isObject(status) || status.type !== 'idle') {
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
  const stopTimer = startTimer(timeoutMs, undefined, () => timedOut.abort());
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
