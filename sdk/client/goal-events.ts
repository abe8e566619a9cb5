import type { ThreadGoalStatus, Turn } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import type { Notification } from '../rpc/notification.ts';
import { routeIds } from '../rpc/route-ids.ts';

/** The statuses after which an engine starts no further turn for a goal by itself. */
const ended: readonly string[] = [
  'paused',
  'blocked',
  'usageLimited',
  'budgetLimited',
  'complete',
] satisfies ThreadGoalStatus[];

/**
 * Whether a goal with this status is over. An unknown status of a later engine counts as not over: its goal may
 * continue.
 */
export function isEnded(status: string | undefined): boolean {
  return status !== undefined && ended.includes(status);
}

/** The turn of a `turn/started` or `turn/completed`; for a malformed one, as much as it contains. */
export function turnOf({ method, payload }: Notification): Partial<Turn> & { id?: string } {
  const turn = (payload as { turn?: unknown }).turn;
  const { turnId } = routeIds(method, payload as Record<string, unknown>);
  return { ...(isObject(turn) ? turn : {}), ...(turnId !== undefined && { id: turnId }) };
}

/** The status in a `thread/goal/updated`. */
export function goalStatusOf({ payload }: Notification): string | undefined {
  const goal = (payload as { goal?: unknown }).goal;
  return isObject(goal) && typeof goal.status === 'string' ? goal.status : undefined;
}

/** A copy of the event with the goal's own id in place of its turn's. */
export function logicalEvent(event: Notification, goalId: string): Notification {
  const payload = event.payload as Record<string, unknown>;
  if (routeIds(event.method, payload).turnId === undefined) return event;
  const { turn } = payload;
  return {
    ...event,
    payload: {
      ...payload,
      ...(typeof payload.turnId === 'string' && { turnId: goalId }),
      ...(isObject(turn) && typeof turn.id === 'string' && { turn: { ...turn, id: goalId } }),
    },
  } as Notification;
}

/** The completion of a goal: that of its decisive turn, but starting with the goal's first turn (`started`). */
export function logicalCompletion(
  completion: Notification,
  goalId: string,
  started: Partial<Turn> | undefined,
  interrupted: boolean,
): Notification {
  const turn = turnOf(completion);
  const startedAt = (started ?? turn).startedAt ?? null;
  const { completedAt } = turn;
  const durationMs =
    typeof startedAt === 'number' && typeof completedAt === 'number'
      ? Math.max(0, completedAt - startedAt) * 1000
      : (turn.durationMs ?? null);
  const logical = { ...turn, id: goalId, startedAt, durationMs, ...(interrupted && { status: 'interrupted' }) };
  return { ...completion, payload: { ...completion.payload, turn: logical } } as Notification;
}
