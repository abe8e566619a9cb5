import { InvalidRequestError } from '../errors/rpc-errors.ts';
import type { ThreadGoalSetResponse, TurnSteerResponse } from '../protocol/index.ts';
import type { Limits } from '../rpc/limits.ts';
import type { GoalOperation } from './goal-operation.ts';
import type { Session } from './session.ts';

/** How long what is sent on a failure or an abort may hold up its caller. The real engine leaves some interrupts unanswered. */
const cancelTimeoutMs = 10_000;

/** Pauses a goal: the turn that runs goes on to its end, and no further one is started. */
export async function pauseGoal(session: Session, threadId: string, options: Limits): Promise<ThreadGoalSetResponse> {
  const answer = await session.request('thread/goal/set', { threadId, status: 'paused' }, options);
  return answer as unknown as ThreadGoalSetResponse;
}

/** Pauses a goal and interrupts its turn, as far as that succeeds. Never rejects. */
export async function cancelGoal(session: Session, operation: GoalOperation): Promise<void> {
  const options = { timeoutMs: cancelTimeoutMs };
  await pauseGoal(session, operation.threadId, options).catch(() => undefined);
  await interruptGoalTurn(session, operation, options).catch(() => undefined);
}

/**
 * Interrupts the turn that the goal is in. When the engine says that it is in another one by now, that one, once.
 * @throws JsonRpcError for any refusal but that there is nothing to interrupt
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
 * Adds input to the turn that the goal is in, waiting for the next one between two. When the engine has gone on to another one by then, to that one.
 * @throws InvalidRequestError `no active turn to steer` when there will be none
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

/** The engine's words, and Python's own. */
export const inactive = (action: 'interrupt' | 'steer') => `no active turn to ${action}`;

/** The refusal of a request for a turn that is not the one which runs. */
function isOtherTurn(error: unknown): boolean {
  return error instanceof InvalidRequestError && error.rpcMessage.startsWith('expected active turn id');
}

/** The turn that runs, from that refusal: its text is the only place that names it. */
function namedTurn(error: unknown): string | undefined {
  return error instanceof InvalidRequestError ? / but found `?([^`]+)`?$/.exec(error.rpcMessage)?.[1] : undefined;
}
