import { notificationRoutes, type Route } from '../protocol/index.ts';
import { isObject } from './is-object.ts';

/** Where a notification belongs. Undefined parts are not in it. */
export interface RouteIds {
  turnId: string | undefined;
  threadId: string | undefined;
  loginId: string | undefined;
}

const routes = new Map<string, Route>(Object.entries(notificationRoutes));

/** Whether the contract has this notification. */
export function isKnownNotification(method: string): boolean {
  return routes.has(method);
}

/**
 * Reads the ids from where the contract has them for this method. For a method that the contract does not have, or a
 * payload without the id in its place, all the usual places are read: a broken `turn/completed` must still end its
 * turn.
 */
export function routeIds(method: string, params: Record<string, unknown>): RouteIds {
  const route = routes.get(method);
  const turn = isObject(params.turn) ? params.turn : {};
  const thread = isObject(params.thread) ? params.thread : {};
  const direct = text(params.turnId);
  const nested = text(turn.id);
  let turnId = route?.turn === 'turn.id' ? (nested ?? direct) : (direct ?? nested);
  if (route && route.turn === null) turnId = undefined;
  return {
    turnId,
    threadId: route?.thread === 'thread.id' ? text(thread.id) : text(params.threadId),
    loginId: method === 'account/login/completed' ? text(params.loginId) : undefined,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
