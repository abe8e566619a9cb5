import { AbortError, CodexError } from '../errors/codex-error.ts';
import { type RetryOptions, retryOnOverload } from '../errors/retry-on-overload.ts';
import type {
  AccountLoginCompletedNotification,
  ClientRequestMethod,
  ClientRequests,
  JsonObject,
  TurnCompletedNotification,
} from '../protocol/index.ts';
import type { CallOptions } from '../rpc/limits.ts';
import { orAbort } from '../rpc/limits.ts';
import type { Notification } from '../rpc/notification.ts';
import type { CodexConfig } from './config.ts';
import type { InitializeMetadata } from './initialize-metadata.ts';
import { interruptible } from './interruptible.ts';
import { LazySession } from './lazy-session.ts';
import { makeRpc, type ProtocolName, type Rpc } from './rpc.ts';
import type { Session } from './session.ts';
import { turnCompletion } from './turn-stream.ts';

/** The methods whose `params` may be left out. */
type MethodWithoutParams = {
  [M in ClientRequestMethod]: undefined extends ClientRequests[M]['params'] ? M : never;
}[ClientRequestMethod];

/** What a client has below threads and logins: the connection and the protocol (Python's low-level clients). `Codex` is one. */
export abstract class EngineClient {
  readonly #session: LazySession;
  #rpc: Rpc | undefined;

  constructor(config: CodexConfig = {}) {
    this.#session = new LazySession({ ...config });
  }

  /** The connection that is there, or will be. */
  protected get session(): LazySession {
    return this.#session;
  }

  /**
   * Starts the engine and greets it, if that has not been done; every other method does it by itself.
   * @throws LaunchError when there is no engine to start
   * @throws CodexError when it does not say who it is
   * @throws EngineExitError when it ends at once; TimeoutError, AbortError
   */
  async connect(options: CallOptions = {}): Promise<InitializeMetadata> {
    const { signal } = options;
    await this.#session.call(options, async () => {
      if (signal?.aborted) throw new AbortError('connecting to the Codex process', signal.reason);
    });
    return this.metadata;
  }

  /**
   * What the engine said of itself.
   * @throws CodexError before the connection is made, and after `close()`
   */
  get metadata(): InitializeMetadata {
    const { metadata } = this.#session;
    if (metadata) return metadata;
    throw new CodexError(
      'Codex is not initialized yet. Prefer `await codex.connect()`; initialization also happens on first awaited API use.',
      { kind: 'not-connected' },
    );
  }

  /**
   * Ends the engine: its stdin is closed, it is asked to end, and after two seconds killed. Waiting calls fail with
   * `TransportClosedError`. Idempotent; a later call of another method starts afresh.
   */
  async close(): Promise<void> {
    await this.#session.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * Sends any request of the protocol and returns its answer as it came. `params` undefined: the key is absent.
   * @throws JsonRpcError when the engine refuses; TimeoutError, AbortError, TransportClosedError
   */
  async request<M extends ClientRequestMethod>(
    method: M,
    params: ClientRequests[M]['params'],
    options?: CallOptions,
  ): Promise<ClientRequests[M]['result']>;
  async request<M extends MethodWithoutParams>(method: M): Promise<ClientRequests[M]['result']>;
  // Not for methods of the contract: TypeScript would prefer this form for some of them.
  async request<S extends string>(
    method: S extends ClientRequestMethod ? never : S,
    params?: object | null,
    options?: CallOptions,
  ): Promise<JsonObject>;
  async request(method: string, params?: unknown, options: CallOptions = {}): Promise<unknown> {
    return await this.#send(method, params, options);
  }

  /**
   * Every request of the protocol as a typed method, its name the method's in camelCase: `codex.rpc.threadTurnsList({ threadId })`. Those that
   * are tagged experimental need `experimentalApi` and may change with the engine. `rpc.turnStart()` starts a turn that nobody listens to:
   * see `Thread.turn()`.
   */
  get rpc(): Rpc {
    this.#rpc ??= makeRpc((method, params, options) => this.#send(method, params, options ?? {}));
    return this.#rpc;
  }

  /**
   * Whether the engine that runs knows a method (of either side) or a field, as `Type.field`: `supports('thread/revert')`,
   * `supports('TurnStartParams.turnTrigger')`. The engine is asked once per connection, by a second process of it that writes its schema.
   * @throws CodexError when it cannot be asked, as with a launch command or a transport of the program's own
   */
  async supports(name: ProtocolName, options: CallOptions = {}): Promise<boolean> {
    const action = `asking the engine for ${name}`;
    return await this.#session.call(options, async (session, limits) => {
      const { signal } = limits;
      if (signal?.aborted) throw new AbortError(action, signal.reason);
      return await orAbort(action, session.supports(name), limits);
    });
  }

  /**
   * Sends a request, again while the engine says that it is overloaded (Python's low-level `request_with_retry_on_overload`).
   * @throws what `request()` and `retryOnOverload()` throw
   */
  async requestWithRetryOnOverload<M extends ClientRequestMethod>(
    method: M,
    params: ClientRequests[M]['params'],
    options: CallOptions & RetryOptions = {},
  ): Promise<ClientRequests[M]['result']> {
    const attempt = () => this.#send(method, params, options);
    return (await retryOnOverload(attempt, options)) as unknown as ClientRequests[M]['result'];
  }

  /**
   * Notifications that belong to no turn, in the order of arrival, from the oldest unread one on. Each goes to one
   * reader; of those that nobody reads the last 10,000 are kept, or fewer by `CodexConfig.unreadLimit`: see `droppedNotifications`. Ends only by `break`, an abort or the end of the connection.
   */
  notifications(options: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<Notification, void, void> {
    return interruptible(options.signal, (signal) => this.#unread(signal));
  }

  async *#unread(signal: AbortSignal): AsyncGenerator<Notification, void, void> {
    const client = this.#session;
    const session = await client.ready({ signal });
    for (;;) yield await client.during(session.feed.next(signal));
  }

  /** How many notifications of no turn have been dropped on this connection, oldest first, because nobody read them; 0 without a connection. */
  get droppedNotifications(): number {
    return this.#session.droppedNotifications;
  }

  /** The next of `notifications()` (Python's low-level `next_notification`). An aborted wait takes nothing with it. */
  async nextNotification(options: { signal?: AbortSignal | undefined } = {}): Promise<Notification> {
    return await this.#session.call({ signal: options.signal }, (session) => session.feed.next(options.signal));
  }

  /**
   * Waits for the end of a turn that runs, whoever started it (Python's low-level `wait_for_turn_completed`). A failed turn ends like any other.
   * @throws TransportClosedError when this client has seen the turn end before, or the connection is gone
   * @throws AbortError when `signal` fires
   */
  async waitForTurnCompleted(
    turnId: string,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<TurnCompletedNotification> {
    return await this.#session.call({ signal: options.signal }, (session) => {
      return turnCompletion(session.turns.attach(turnId, undefined), turnId, options.signal);
    });
  }

  /**
   * Waits for the end of a login attempt by its id (Python's low-level `wait_for_login_completed`); login handles have `wait()`.
   * @throws TransportClosedError when the connection is gone; AbortError when `signal` fires
   */
  async waitForLoginCompleted(
    loginId: string,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<AccountLoginCompletedNotification> {
    const wait = (session: Session) => session.logins.wait(loginId, options.signal);
    const payload = await this.#session.call({ signal: options.signal }, wait);
    return payload as unknown as AccountLoginCompletedNotification;
  }

  async #send(method: string, params: unknown, options: CallOptions): Promise<JsonObject> {
    return await this.#session.call(options, (session, limits) => session.request(method, params, limits));
  }
}
