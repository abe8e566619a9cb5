import { notificationRoutes, type Route } from '../protocol/index.ts';
import { isTold } from '../telemetry/told-methods.ts';
import { isObject } from './is-object.ts';
import { isTelling } from './turn-log.ts';

/** Where a notification belongs. Undefined parts are not in it. */
export interface RouteIds {
  turnId: string | undefined;
  threadId: string | undefined;
  loginId: string | undefined;
}

/** What is known of a method of the contract. */
export interface KnownMethod extends Route {
  /** The method: one text for all events that have it, which compares faster than that of each line. */
  method: string;
  telling: boolean;
  /** Whether the life cycle is told by it. */
  told: boolean;
}

const known = new Map<string, KnownMethod>(
  Object.entries(notificationRoutes).map(([method, route]) => [
    method,
    { ...route, method, telling: isTelling(method), told: isTold(method) },
  ]),
);

/** The newest answer: most events have the method of the one before, and comparing is cheaper than looking up. */
let newest: KnownMethod | undefined;

/** What the contract says of a notification; undefined for one that it does not have. */
export function knownMethod(method: string): KnownMethod | undefined {
  if (newest?.method === method) return newest;
  const found = known.get(method);
  if (found) newest = found;
  return found;
}

/**
 * The id of the turn, from where the contract has it for this method. For a method that the contract does not have, or a
 * payload without the id in its place, all the usual places are read: a broken `turn/completed` must still end its
 * turn.
 */
export function turnIdIn(route: Route | undefined, params: Record<string, unknown>): string | undefined {
  if (route?.turn === null) return undefined;
  const direct = text(params.turnId);
  if (direct !== undefined && route?.turn !== 'turn.id') return direct;
  const nested = isObject(params.turn) ? text(params.turn.id) : undefined;
  return nested ?? direct;
}

/** The id of the thread, likewise. */
export function threadIdIn(route: Route | undefined, params: Record<string, unknown>): string | undefined {
  if (route?.thread === 'thread.id') return isObject(params.thread) ? text(params.thread.id) : undefined;
  return text(params.threadId);
}

/** All ids of a notification. */
export function routeIds(method: string, params: Record<string, unknown>): RouteIds {
  const route = known.get(method);
  return {
    turnId: turnIdIn(route, params),
    threadId: threadIdIn(route, params),
    loginId: loginIdIn(method, params),
  };
}

/** The id of a login attempt whose end this is. */
export function loginIdIn(method: string, params: Record<string, unknown>): string | undefined {
  return method === 'account/login/completed' ? text(params.loginId) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
