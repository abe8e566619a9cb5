import type { JsonObject, ServerNotifications } from '../protocol/index.ts';

/**
 * The method of a message that this SDK does not know. At run time it is the engine's own name without any mark. The
 * type has a prefix only because a plain `string` would keep a comparison with a known method from narrowing.
 */
export type UnknownMethod = `unknown:${string}`;

/**
 * A notification of the contract. Its payload is passed on unchanged: an engine that deviates is not corrected here.
 */
export type KnownNotification = {
  [M in keyof ServerNotifications]: { method: M; payload: ServerNotifications[M]['params']; known: true };
}[keyof ServerNotifications];

/**
 * A notification with a method that the contract does not have, with its raw parameters (Python:
 * `UnknownNotification`).
 */
export interface UnknownNotification {
  method: UnknownMethod;
  payload: JsonObject;
  known: false;
}

/**
 * A message that the engine sends without being asked (Python: `Notification`). Comparing `method` narrows `payload`:
 * ```ts
 * import type { Notification } from 'twinproof';
 *
 * function show(event: Notification): void {
 *   if (event.method === 'item/agentMessage/delta') process.stdout.write(event.payload.delta);
 * }
 * ```
 */
export type Notification = KnownNotification | UnknownNotification;
