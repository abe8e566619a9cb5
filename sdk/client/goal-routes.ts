import { CodexError } from '../errors/codex-error.ts';
import { InvalidRequestError } from '../errors/rpc-errors.ts';
import type { Hold } from '../rpc/bell.ts';
import type { Notification } from '../rpc/notification.ts';
import { GoalOperation } from './goal-operation.ts';

/** The goals that run, one per thread: while one does, the turns of its thread belong to it. */
export class GoalRoutes {
  readonly #hold: Hold;
  readonly #unreadLimit: number | undefined;
  readonly #operations = new Map<string, GoalOperation>();

  constructor(hold: Hold, unreadLimit?: number) {
    this.#hold = hold;
    this.#unreadLimit = unreadLimit;
  }

  /** @throws CodexError when the thread has one */
  reserve(threadId: string): GoalOperation {
    if (this.#operations.has(threadId)) {
      throw new CodexError(`thread '${threadId}' already has an active goal operation`, { action: 'starting a goal' });
    }
    const operation = new GoalOperation(threadId, this.#hold, this.#unreadLimit);
    this.#operations.set(threadId, operation);
    return operation;
  }

  release(operation: GoalOperation): void {
    operation.finish();
    if (this.#operations.get(operation.threadId) === operation) this.#operations.delete(operation.threadId);
  }

  /** To be called before a turn is started. @throws InvalidRequestError when a goal has the thread */
  assertFree(threadId: string, method: string): void {
    if (this.#operations.has(threadId)) {
      throw new InvalidRequestError(-32600, `thread has an active goal operation: ${threadId}`, undefined, method);
    }
  }

  /** Takes an event that is of a turn or of a goal; false when no goal wants it. */
  route(threadId: string | undefined, turnId: string | undefined, event: Notification, size: number): boolean {
    const operation = threadId === undefined ? undefined : this.#operations.get(threadId);
    if (!operation || (turnId === undefined && !event.method.startsWith('thread/goal/'))) return false;
    const taken = operation.observe(event, size);
    if (operation.finished) this.#operations.delete(operation.threadId);
    return taken;
  }

  /** The connection is gone. */
  fail(cause: Error): void {
    for (const operation of this.#operations.values()) operation.fail(cause);
    this.#operations.clear();
  }
}
