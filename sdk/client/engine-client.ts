import { expectedGot } from '../../native/expected-got.mjs';
import { fromCaller, showCallers } from '../errors/callers-line.ts';
import { AbortError, CodexError } from '../errors/codex-error.ts';
import { type RetryOptions, retryOnOverload, retryRules } from '../errors/retry-on-overload.ts';
import { assertMayHook } from '../hooks/options.ts';
import { hiddenState, inspectAs } from '../objects/hidden-state.ts';
import { checkArgument, checkOptions } from '../options/check-options.ts';
import type {
  AccountLoginCompletedNotification,
  ClientRequestMethod,
  ClientRequests,
  JsonObject,
  TurnCompletedNotification,
} from '../protocol/index.ts';
import { type EventSource, eventStream } from '../rpc/event-stream.ts';
import type { EngineEvent } from '../rpc/event-tape.ts';
import { type CallOptions, callRules, orAbort, signalRules } from '../rpc/limits.ts';
import type { Notification } from '../rpc/notification.ts';
import { readingFeed } from '../rpc/notification-feed.ts';
import { type CodexConfig, configRules } from './config.ts';
import { clientEvents, type EventsOptions, eventsRules } from './event-tap.ts';
import { Files } from './files.ts';
import type { InitializeMetadata } from './initialize-metadata.ts';
import { LazySession } from './lazy-session.ts';
import { Mcp } from './mcp.ts';
import { makeRpc, type ProtocolName, type Rpc } from './rpc.ts';
import type { Session } from './session.ts';
import { turnCompletion } from './turn-stream.ts';

/** The methods whose `params` may be omitted. */
type MethodWithoutParams = {
  [M in ClientRequestMethod]: undefined extends ClientRequests[M]['params'] ? M : never;
}[ClientRequestMethod];

const state = hiddenState<{ session: LazySession; rpc: Rpc | undefined; mcp: Mcp | undefined; files?: Files }>('Codex');

/**
 * The part of a client below threads and logins: the connection and the protocol (Python's low-level clients). `Codex`
 * extends it.
 */
export abstract class EngineClient {
  constructor(config: CodexConfig = {}) {
    checkOptions('new Codex', config, configRules);
    assertMayHook(config);
    if (config.reconnect && !config.transport) {
      const advice = 'An engine of your own is started again by close() and the next call';
      throw new TypeError(
        expectedGot('reading the option reconnect of new Codex', 'it beside transport', 'it alone', advice),
      );
    }
    state.set(this, { session: new LazySession({ ...config }), rpc: undefined, mcp: undefined });
  }

  /**
   * Starts the engine and initializes the connection, if that has not happened yet. Every other method does this for
   * you.
   * @throws LaunchError if there is no engine to start
   * @throws CodexError if the engine does not report its name and version
   * @throws EngineExitError if the engine exits at once; TimeoutError, AbortError
   */
  async connect(options: CallOptions = {}): Promise<InitializeMetadata> {
    checkOptions('Codex.connect', options, callRules);
    const { signal } = options;
    await sessionOf(this).call(options, async () => {
      if (signal?.aborted) throw new AbortError('connecting to the Codex process', signal.reason);
    });
    return this.metadata;
  }

  /**
   * What the engine reported about itself.
   * @throws CodexError before the connection is made, and after `close()`
   */
  get metadata(): InitializeMetadata {
    const { metadata } = sessionOf(this);
    if (metadata) return metadata;
    throw new CodexError(
      'Codex is not initialized yet. Prefer `await codex.connect()`; initialization also happens on first awaited API use.',
      { kind: 'not-connected' },
    );
  }

  /**
   * Stops the engine: closes its stdin, asks it to exit, and kills it after two seconds. Pending calls fail with
   * `TransportClosedError`. You may call it twice; a later call of another method starts a new engine.
   */
  async close(): Promise<void> {
    await sessionOf(this).close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * Sends any request of the protocol and returns the answer unchanged. If `params` is undefined, the key is omitted.
   * @throws JsonRpcError if the engine refuses; TimeoutError, AbortError, TransportClosedError
   */
  async request<M extends ClientRequestMethod>(
    method: M,
    params: ClientRequests[M]['params'],
    options?: CallOptions,
  ): Promise<ClientRequests[M]['result']>;
  async request<M extends MethodWithoutParams>(method: M): Promise<ClientRequests[M]['result']>;
  // Not for methods of the contract: TypeScript would prefer this overload for some of them.
  async request<S extends string>(
    method: S extends ClientRequestMethod ? never : S,
    params?: object | null,
    options?: CallOptions,
  ): Promise<JsonObject>;
  async request(method: string, params?: unknown, options: CallOptions = {}): Promise<unknown> {
    checkArgument('method', method);
    checkOptions('Codex.request', options, callRules);
    return await send(this, method, params, options);
  }

  /**
   * Every request of the protocol as a typed method with the method's name in camelCase: `codex.rpc.threadTurnsList({
   * threadId })`. Methods tagged experimental need `experimentalApi` and may change with the engine. `rpc.turnStart()`
   * starts a turn whose events nobody receives: use `Thread.turn()` instead.
   */
  get rpc(): Rpc {
    const own = state.of(this);
    own.rpc ??= makeRpc((call, method, params, options = {}) =>
      fromCaller(call, () => send(this, method, params, options)),
    );
    return own.rpc;
  }

  /** Files for the agent: `codex.files.stage()` copies one to where the engine can read it, and gives an input item. */
  get files(): Files {
    const own = state.of(this);
    own.files ??= new Files(own.session);
    return own.files;
  }

  /**
   * The MCP servers of this client and its threads: their state, their logins, their tools and resources, and what happens to
   * them. Servers are given as `mcpServers`, of the client or of a thread.
   */
  get mcp(): Mcp {
    const own = state.of(this);
    own.mcp ??= new Mcp(this, own.session);
    return own.mcp;
  }

  /**
   * Whether the running engine knows a method (in either direction) or a field (`Type.field`):
   * `supports('thread/revert')`, `supports('TurnStartParams.turnTrigger')`. Asks once per connection: a second engine
   * process writes its schema.
   * @throws CodexError if the engine cannot be asked, for example with your own launch command or transport
   */
  async supports(name: ProtocolName, options: CallOptions = {}): Promise<boolean> {
    checkArgument('name', name);
    checkOptions('Codex.supports', options, callRules);
    const action = `asking the engine for ${name}`;
    return await sessionOf(this).call(options, async (session, limits) => {
      const { signal } = limits;
      if (signal?.aborted) throw new AbortError(action, signal.reason);
      return await orAbort(action, session.supports(name), limits);
    });
  }

  /**
   * Sends a request, and sends it again while the engine reports that it is overloaded (Python's low-level
   * `request_with_retry_on_overload`).
   * @throws what `request()` and `retryOnOverload()` throw
   */
  async requestWithRetryOnOverload<M extends ClientRequestMethod>(
    method: M,
    params: ClientRequests[M]['params'],
    options: CallOptions & RetryOptions = {},
  ): Promise<ClientRequests[M]['result']> {
    checkArgument('method', method);
    checkOptions('Codex.requestWithRetryOnOverload', options, { ...callRules, ...retryRules });
    const attempt = () => send(this, method, params, options);
    return (await retryOnOverload(attempt, options)) as unknown as ClientRequests[M]['result'];
  }

  /**
   * Yields the notifications that belong to no turn, in order of arrival, starting with the oldest unread one. Each
   * goes to one reader. The last 10,000 unread ones are kept, or fewer because of `CodexConfig.unreadLimit`; see
   * `droppedNotifications`. Ends only on `break`, an abort or the end of the connection.
   */
  notifications(options: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<Notification, void, void> {
    checkOptions('Codex.notifications', options, signalRules);
    const { signal } = options;
    return eventStream((ended) => unread(sessionOf(this), ended), { action: readingFeed, signal });
  }

  /**
   * Yields everything that the engine sends without being asked, in the order of the wire: the notifications and server
   * requests of all threads, those of sub-agents and of turns that you did not start included, or of `threadId` alone.
   * Reading takes nothing from anybody: any number of readers get every event, and so do streams and handlers. A handler
   * of a request is called once whoever waits for an event has had all before it. It begins with this call, or with the
   * next connection if there is none. Ends on `break`, an abort or the end of the connection.
   * ```ts
   * import { Codex } from 'twinproof';
   *
   * await using codex = new Codex();
   * const events = codex.events();
   * const thread = await codex.threadStart();
   * await thread.turn('Say hello.');
   * for await (const event of events) {
   *   if ('id' in event) console.log('the engine asks:', event.method);
   *   else console.log(event.method);
   *   if (event.method === 'turn/completed') break;
   * }
   * ```
   * @throws CodexError with `kind` `lagging` if it was read so slowly that more than `CodexConfig.unreadLimit` waited
   * @throws TransportClosedError if the connection is gone; AbortError if `signal` fires
   */
  events(options: EventsOptions = {}): AsyncGenerator<EngineEvent, void, void> {
    checkOptions('Codex.events', options, eventsRules);
    return clientEvents(sessionOf(this), options);
  }

  /**
   * How many notifications that belong to no turn have been dropped on this connection because nobody read them. 0
   * without a connection.
   */
  get droppedNotifications(): number {
    return sessionOf(this).droppedNotifications;
  }

  /**
   * Waits for the next of `notifications()` (Python's low-level `next_notification`). Aborting the wait loses no
   * notification.
   */
  async nextNotification(options: { signal?: AbortSignal | undefined } = {}): Promise<Notification> {
    checkOptions('Codex.nextNotification', options, signalRules);
    return await sessionOf(this).call({ signal: options.signal }, (session) => session.feed.next(options.signal));
  }

  /**
   * Waits for the end of a running turn, whoever started it (Python's low-level `wait_for_turn_completed`). A failed
   * turn also resolves.
   * @throws TransportClosedError if this client has already seen the turn end, or the connection is gone
   * @throws AbortError if `signal` fires
   */
  async waitForTurnCompleted(
    turnId: string,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<TurnCompletedNotification> {
    checkArgument('turnId', turnId);
    checkOptions('Codex.waitForTurnCompleted', options, signalRules);
    return await sessionOf(this).call({ signal: options.signal }, (session) => {
      return turnCompletion(session.turns.attach(turnId, undefined), turnId, options.signal);
    });
  }

  /**
   * Waits for the end of a login attempt by its id (Python's low-level `wait_for_login_completed`). Login handles have
   * `wait()`.
   * @throws TransportClosedError if the connection is gone; AbortError if `signal` fires
   */
  async waitForLoginCompleted(
    loginId: string,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<AccountLoginCompletedNotification> {
    checkArgument('loginId', loginId);
    checkOptions('Codex.waitForLoginCompleted', options, signalRules);
    const wait = (session: Session) => session.logins.wait(loginId, options.signal);
    const payload = await sessionOf(this).call({ signal: options.signal }, wait);
    return payload as unknown as AccountLoginCompletedNotification;
  }
}

showCallers(EngineClient.prototype);
inspectAs(EngineClient, (client) => {
  const { metadata } = sessionOf(client);
  return { connected: metadata !== undefined, ...(metadata && { engine: metadata.serverInfo }) };
});

/** The current or future connection. */
export function sessionOf(client: EngineClient): LazySession {
  return state.of(client).session;
}

async function unread(client: LazySession, signal: AbortSignal): Promise<EventSource<Notification, void>> {
  const { feed } = await client.ready({ signal });
  return {
    poll: () => {
      const value = feed.poll();
      return value && { done: false, value };
    },
    listen: (waiter) => feed.listen(waiter),
    unlisten: (waiter) => feed.unlisten(waiter),
    // Whoever reads needs the client, whose end would end the connection.
    close: () => void client,
    keepAlive: feed.keepAlive,
  };
}

async function send(client: EngineClient, method: string, params: unknown, options: CallOptions): Promise<JsonObject> {
  return await sessionOf(client).call(options, (session, limits) => session.request(method, params, limits));
}
