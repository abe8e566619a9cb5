import { AbortError, CodexError } from '../errors/codex-error.ts';
import { copyError, TransportClosedError } from '../errors/connection-errors.ts';
import { InvalidRequestError } from '../errors/rpc-errors.ts';
import { type Context, currentContext } from '../host/context.ts';
import type { Turn } from '../protocol/index.ts';
import { Condition, type KeepAlive } from '../rpc/condition.ts';
import { type Collector, Gathering } from '../rpc/gathering.ts';
import type { Notification } from '../rpc/notification.ts';
import { TurnLog } from '../rpc/turn-log.ts';
import { type SubscriptionOwner, TurnSubscription } from '../rpc/turn-subscription.ts';
import { goalStatusOf, isEnded, turnOf } from './goal-events.ts';

/**
 * What is known about one goal that this client has started (Python: `_GoalOperationState`). The connection's reader
 * keeps it up to date, ahead of whoever reads its events. An engine works on a goal in one turn after another; here
 * they come together.
 */
export class GoalOperation implements SubscriptionOwner {
  readonly threadId: string;
  /** Id of the goal's first turn; for the reader, the id of the goal itself. */
  id: string | undefined;
  /** The running turn. */
  current: string | undefined;
  /** The goal was stopped by `interrupt()`: its completion says so, however its last turn ended. */
  interrupted = false;
  #completed: string | undefined;
  #status: string | undefined;
  #cleared = false;
  #finished = false;
  #accepts = false;
  #failure: Error | undefined;
  #whenFinished = () => {};
  #stopping: Promise<unknown> | undefined;
  /** Of the call that started the goal: see `TurnContexts`. */
  readonly context: Context = currentContext();
  readonly keepAlive: KeepAlive;
  readonly #unreadLimit: number | undefined;
  readonly #condition = new Condition();
  /** What arrived before the first turn, whose id the log needs. */
  #early: { event: Notification; size: number }[] = [];
  #log: TurnLog | undefined;
  #gathering: Gathering<Collector> | undefined;

  constructor(threadId: string, keepAlive: KeepAlive, unreadLimit: number | undefined) {
    this.threadId = threadId;
    this.keepAlive = keepAlive;
    this.#unreadLimit = unreadLimit;
  }

  /** No turn of the goal is running, and none will be started. */
  get finished(): boolean {
    return this.#finished;
  }

  /** From now on the goal's turns are its own. A turn that runs before the thread's former goal is cleared is not. */
  accept(): void {
    this.#accepts = true;
  }

  /** The goal's only reader, starting with its first event. Ask for it once the first turn has started. */
  subscribe(): TurnSubscription {
    if (!this.#log) throw new Error(`the goal of thread ${this.threadId} has had no turn yet`);
    const events = new TurnSubscription(this, this.#log, this.#log.read(this.#log.pin));
    this.#log.pin?.close();
    return events;
  }

  /** Gives `collector` every event of the goal, from its first turn on, as it comes. Call it before `subscribe()`. */
  gather<C extends Collector>(collector: C): Gathering<C> {
    const log = this.#log;
    const gathering = new Gathering(this.id ?? '', collector, log?.maxWeight ?? Number.POSITIVE_INFINITY);
    if (log?.pin?.isLost) gathering.lose();
    else if (log?.pin) log.unread(log.pin, (event, size) => gathering.take(event, size));
    this.#gathering = gathering;
    if (this.#failure) gathering.fail(this.#failure);
    return gathering;
  }

  /** Handles an event of the thread. Returns false if it belongs to no goal. */
  observe(event: Notification, size: number): boolean {
    if (event.method === 'thread/goal/updated') {
      this.#status = goalStatusOf(event);
      if (this.#status === 'active') this.#cleared = false;
    } else if (event.method === 'thread/goal/cleared') this.#cleared = true;
    else if (!this.#accepts) return false;
    else if (event.method === 'turn/started') this.#onStarted(turnOf(event));
    else if (event.method === 'turn/completed') {
      this.#completed = turnOf(event).id;
      if (this.current === this.#completed) this.current = undefined;
    }
    this.#gathering?.take(event, size);
    if (this.#log) this.#log.append(event, size);
    else this.#early.push({ event, size });
    if (this.current === undefined && this.#completed !== undefined && this.#over) this.finish();
    this.#condition.notifyAll();
    return true;
  }

  /** The connection is gone. */
  fail(cause: Error): void {
    this.#failure = cause;
    this.#gathering?.fail(cause);
    this.#log?.end(cause);
    this.#condition.notifyAll();
  }

  /** Nobody is interested any more: waiting calls end. */
  finish(): void {
    this.#finished = true;
    this.current = undefined;
    this.#whenFinished();
    this.#end();
  }

  /** Calls `then` once no turn belongs to the goal any more, at once if that is so. */
  whenFinished(then: () => void): void {
    this.#whenFinished = then;
    if (this.#finished) then();
  }

  released(): void {}

  /** Waits for the engine's first turn. Returns undefined if `signal` fires first. @throws the connection's cause */
  async firstTurn(signal: AbortSignal): Promise<string | undefined> {
    for (;;) {
      if (this.id !== undefined) return this.id;
      if (this.#failure) throw copyError(this.#failure, { action: 'starting a goal' });
      if (signal.aborted) return undefined;
      await this.#condition.wait(this.keepAlive, signal);
    }
  }

  /**
   * Waits for a running turn other than `after`. Returns undefined if there will be none.
   * @throws AbortError; the connection's cause
   */
  async activeTurn(after: string | undefined, signal?: AbortSignal): Promise<string | undefined> {
    const action = 'waiting for a turn of the goal';
    for (;;) {
      if (signal?.aborted) throw new AbortError(action, signal.reason);
      if (this.#failure) throw copyError(this.#failure, { action });
      if (this.#finished) return undefined;
      if (this.current !== undefined && this.current !== after) return this.current;
      if (this.#over) return undefined;
      await this.#condition.wait(this.keepAlive, signal);
    }
  }

  /** A turn to interrupt. It may have ended: the engine's refusal then names the running one. */
  get turnToInterrupt(): string | undefined {
    return this.current ?? this.#completed ?? this.id;
  }

  /** Delays the completion until `pausing` has settled, so that it can say whether the goal was interrupted. */
  async interruptBy<T>(pausing: Promise<T>): Promise<T> {
    const settled = pausing.then(
      () => {
        this.interrupted = true;
      },
      () => {},
    );
    this.#stopping = Promise.all([this.#stopping, settled]);
    await settled;
    return await pausing;
  }

  /** Whether the goal was interrupted. Waits for a pending interrupt. */
  async wasInterrupted(): Promise<boolean> {
    await this.#stopping;
    return this.interrupted;
  }

  get #over(): boolean {
    return this.#cleared || isEnded(this.#status);
  }

  #onStarted({ id }: Partial<Turn>): void {
    this.current = id;
    if (this.#log || id === undefined) return;
    this.id = id;
    this.#log = new TurnLog(id, this.threadId, this.#unreadLimit);
    this.#log.pin = this.#log.read();
    for (const { event, size } of this.#early) this.#log.append(event, size);
    this.#early = [];
  }

  #end(): void {
    this.#gathering?.fail(new TransportClosedError('Turn is no longer streaming'));
    this.#log?.end();
    this.#condition.notifyAll();
  }
}

/** The running goals, one per thread. While a goal runs, the turns of its thread belong to it. */
export class GoalRoutes {
  readonly #keepAlive: KeepAlive;
  readonly #unreadLimit: number | undefined;
  readonly #operations = new Map<string, GoalOperation>();

  constructor(keepAlive: KeepAlive, unreadLimit?: number) {
    this.#keepAlive = keepAlive;
    this.#unreadLimit = unreadLimit;
  }

  /** @throws CodexError if the thread already has one */
  reserve(threadId: string): GoalOperation {
    if (this.#operations.has(threadId)) {
      throw new CodexError(`thread '${threadId}' already has an active goal operation`, { action: 'starting a goal' });
    }
    const operation = new GoalOperation(threadId, this.#keepAlive, this.#unreadLimit);
    this.#operations.set(threadId, operation);
    return operation;
  }

  release(operation: GoalOperation): void {
    operation.finish();
    if (this.#operations.get(operation.threadId) === operation) this.#operations.delete(operation.threadId);
  }

  /** Call this before you start a turn. @throws InvalidRequestError if a goal has the thread */
  assertFree(threadId: string, method: string): void {
    if (this.#operations.has(threadId)) {
      throw new InvalidRequestError(-32600, `thread has an active goal operation: ${threadId}`, undefined, method);
    }
  }

  /** Handles an event of a turn or a goal. Returns false if no goal takes it. */
  route(threadId: string | undefined, turnId: string | undefined, event: Notification, size: number): boolean {
    if (this.#operations.size === 0 || threadId === undefined) return false;
    const operation = this.#operations.get(threadId);
    if (!operation || (turnId === undefined && !event.method.startsWith('thread/goal/'))) return false;
    const taken = operation.observe(event, size);
    if (operation.finished) this.#operations.delete(operation.threadId);
    return taken;
  }

  /** The context of the thread's goal; undefined if it has none. */
  contextOf(threadId: unknown): Context | undefined {
    return typeof threadId === 'string' ? this.#operations.get(threadId)?.context : undefined;
  }

  /** The connection is gone. */
  fail(cause: Error): void {
    for (const operation of this.#operations.values()) operation.fail(cause);
    this.#operations.clear();
  }
}
