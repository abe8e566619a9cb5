import { TimeoutError } from '../errors/codex-error.ts';
import { startDeadline } from '../host/deadline.ts';
import { isObject } from '../rpc/is-object.ts';

/** What a handler gets besides its request. */
export interface HandlerContext {
  /**
   * Fires when the answer is not needed any more: the engine has resolved the request itself, the turn is over (an interrupt ends it too), the engine is
   * gone, or the handler's time is over. Its reason says which.
   */
  signal: AbortSignal;
}

/** A function that answers a request of the engine. `undefined` means that the request is not its business: the next one is asked. */
export type Handler<Request, Answer> = (
  request: Request,
  context: HandlerContext,
) => Answer | undefined | Promise<Answer | undefined>;

/** A handler, or a handler with its time. */
export type TimedHandler<Request, Answer> =
  | Handler<Request, Answer>
  | {
      handler: Handler<Request, Answer>;
      /** How long the handler may take, in milliseconds. After that the engine gets the safe answer. Default: 0, for as long as it takes. */
      timeoutMs?: number | undefined;
    };

/** A handler as it is asked. */
export interface Asked {
  /** For the audit trail. */
  name: string;
  handler: Handler<never, unknown>;
  timeoutMs: number;
}

/** @param name of the option; its handler is called by its own name if it has one */
export function asked(name: string, given: TimedHandler<never, unknown>): Asked {
  if (typeof given === 'function') return { name: given.name || name, handler: given, timeoutMs: 0 };
  const { handler, timeoutMs = 0 } = given;
  return { name: handler.name === 'handler' ? name : handler.name || name, handler, timeoutMs };
}

/** Whether a value is a handler or a handler with its time. */
export function isTimedHandler(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return isObject(value) && typeof value.handler === 'function' && hasOnly(value, ['handler', 'timeoutMs']);
}

/** Whether an object has no other keys than these, and a time that is one. */
export function hasOnly(value: Record<string, unknown>, keys: readonly string[]): boolean {
  const { timeoutMs } = value;
  return (
    Object.keys(value).every((key) => keys.includes(key)) &&
    (timeoutMs === undefined || (typeof timeoutMs === 'number' && timeoutMs >= 0))
  );
}

/**
 * Asks a handler.
 * @param pending fires when the answer is not needed any more. The handler is waited for all the same: a late answer does no harm.
 * @throws TimeoutError when its time is over; what it throws
 */
export async function ask(
  { handler, timeoutMs }: Asked,
  request: unknown,
  pending: AbortController,
  method: string,
): Promise<unknown> {
  const answer = handler(request as never, { signal: pending.signal });
  if (timeoutMs === 0) return await answer;
  return await new Promise((resolve, reject) => {
    const stop = startDeadline(timeoutMs, undefined, () => {
      if (pending.signal.aborted) return;
      const error = new TimeoutError(method, timeoutMs);
      pending.abort(error);
      reject(error);
    });
    Promise.resolve(answer).then(resolve, reject).finally(stop);
  });
}
