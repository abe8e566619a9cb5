import type { TurnDenials } from '../approvals/denials.ts';
import { RequestBroker } from '../approvals/request-broker.ts';
import { AbortError, CodexError } from '../errors/codex-error.ts';
import { copyError, TransportClosedError } from '../errors/connection-errors.ts';
import type { Staging } from '../files/staging.ts';
import type { OpenHooks } from '../hooks/open-hooks.ts';
import { type Hooks, hooksTaker } from '../hooks/options.ts';
import { type Context, currentContext } from '../host/context.ts';
import { McpWatch } from '../mcp/mcp-watch.ts';
import type { JsonObject } from '../protocol/index.ts';
import { Connection, defaultUnsentLimit, type InternalCallOptions } from '../rpc/connection.ts';
import { mayRunElsewhere } from '../rpc/engine-words.ts';
import { defaultUnreadLimit } from '../rpc/event-log.ts';
import { EventTape } from '../rpc/event-tape.ts';
import { isObject } from '../rpc/is-object.ts';
import { KeyedLock } from '../rpc/keyed-lock.ts';
import { assertTimeout, type Limits, orAbort } from '../rpc/limits.ts';
import { LoginCompletions } from '../rpc/login-completions.ts';
import type { Notification } from '../rpc/notification.ts';
import { NotificationFeed } from '../rpc/notification-feed.ts';
import { knownMethod, loginIdIn, threadIdIn, turnIdIn } from '../rpc/route-ids.ts';
import { requestKey, type ServerRequest } from '../rpc/server-requests.ts';
import { SubAgents } from '../rpc/sub-agents.ts';
import { TurnRouter } from '../rpc/turn-router.ts';
import { awaited } from '../rpc/turn-state.ts';
import type { TurnSubscription } from '../rpc/turn-subscription.ts';
import { TurnUsageMeter } from '../rpc/turn-usage.ts';
import { Told } from '../rpc/young.ts';
import { SessionTelemetry } from '../telemetry/session-telemetry.ts';
import type { Launch } from '../transport/launch.ts';
import { StdioTransport } from '../transport/stdio.ts';
import type { TransportFactory } from '../transport/transport.ts';
import { checkCapabilities } from './capability-check.ts';
import { type CodexConfig, defaultRequestTimeoutMs, initializeParams } from './config.ts';
import { EngineSchema } from './engine-schema.ts';
import { explainRefusal, runtimeVersion, warnIfUnproven } from './engine-version.ts';
import { GoalRoutes } from './goal-operation.ts';
import { idOf, runsOn } from './ids-in-answers.ts';
import { type InitializeMetadata, initializeMetadata } from './initialize-metadata.ts';
import { buildLaunch, schemaLaunch } from './launch.ts';
import { TurnContexts } from './turn-contexts.ts';
import { type StopSignal, TurnStops } from './turn-stops.ts';

/**
 * One initialised connection to an engine, and everything that depends on it. After `close()`, a client makes a new
 * one.
 */
export class Session {
  readonly connection: Connection;
  readonly turns: TurnRouter;
  readonly goals: GoalRoutes;
  readonly feed: NotificationFeed;
  readonly logins: LoginCompletions;
  readonly mcp: McpWatch;
  /** Who answers what the engine asks. */
  readonly broker: RequestBroker;
  /** Everything that the engine sends without being asked, in one order. */
  readonly tape: EventTape;
  /** What the engine reports about its own protocol. */
  readonly schema: EngineSchema;
  /** Locked by thread id while a turn or a goal is being started on it. */
  readonly starts = new KeyedLock();
  readonly stops: TurnStops;
  /** Threads that could not be resumed on this connection, and why: their events do not come. */
  readonly unopened = new Map<string, Error>();
  /** Called once the connection is gone, after everybody who waits has been told. */
  onFailure: (cause: Error) => void = () => {};
  #staging: Staging | undefined;
  #unstaged = false;
  readonly #contexts = new TurnContexts();
  readonly #usage = new TurnUsageMeter();
  /** Tells the life of this connection to whoever listens. */
  readonly telemetry: SessionTelemetry;
  readonly #config: CodexConfig;
  readonly #launch: Launch | undefined;
  readonly #own: Context;
  #hooks: Pick<OpenHooks, 'verify' | 'fail'> | undefined;
  #failure: Error | undefined;
  #metadata: InitializeMetadata | undefined;
  #closed = false;

  /**
   * @param own the context of the client's making: for what the engine asks outside of the turns of this client
   * @throws LaunchError if there is no engine to start
   * @throws RangeError for a limit below 0
   */
  constructor(config: CodexConfig, own: Context = currentContext()) {
    this.#config = config;
    this.#own = own;
    this.telemetry = new SessionTelemetry(this.#usage, config.telemetry?.content === true);
    const { requestTimeoutMs = defaultRequestTimeoutMs } = config;
    const { unreadLimit = defaultUnreadLimit, unsentLimit = defaultUnsentLimit } = config;
    assertTimeout('CodexConfig.requestTimeoutMs', requestTimeoutMs);
    for (const [name, limit] of Object.entries({ unreadLimit, unsentLimit }))
      if (!(limit >= 0)) throw new RangeError(`CodexConfig.${name} must be a number, not ${String(limit)}`);
    this.#launch = config.transport ? undefined : buildLaunch(config);
    const stdio = this.#launch && new StdioTransport(this.#launch, config.keepDescendants);
    const transport = stdio ?? (config.transport as TransportFactory)();
    this.schema = new EngineSchema(schemaLaunch(config));
    const subAgents = new SubAgents();
    this.broker = new RequestBroker(
      config,
      (threadId, turnId) => {
        const asked = this.connection.request('turn/interrupt', { threadId, turnId }, { keepsAlive: false });
        // The turn may be over; its end is told in any case.
        asked.catch(() => {});
      },
      subAgents,
      this.telemetry,
    );
    this.connection = new Connection(
      transport,
      {
        onNotification: (method, params, size) => this.#route(method, params, size),
        onServerRequest: (request, size) => this.#noteRequest(request, size),
        onAnswered: (request) => {
          this.turns.resolved(requestKey(request.id));
          this.telemetry.answered(request);
        },
        told: (method, params) => this.telemetry.request(method, params),
        contextOf: (params) => this.#contextOf(params),
        explain: (method, refusal) => explainRefusal(method, refusal, this.#metadata?.serverInfo.version),
        onFailure: (cause) => {
          for (const part of [
            this.tape,
            this.turns,
            this.stops,
            this.goals,
            this.feed,
            this.logins,
            this.mcp,
            this.schema,
            this.broker,
            this.#contexts,
          ])
            part.fail(cause);
          this.telemetry.exited(cause, this.#closed);
          this.#failure = cause;
          this.#hooks?.fail(cause);
          this.onFailure(cause);
        },
      },
      this.broker,
      requestTimeoutMs,
      unsentLimit,
    );
    const send = (method: string, params: object, options: InternalCallOptions) =>
      this.connection.request(method, params, options);
    this.stops = new TurnStops(send, this.starts, subAgents, stdio?.processes);
    this.turns = new TurnRouter(this.connection.keepAlive, unreadLimit);
    this.goals = new GoalRoutes(this.connection.keepAlive, unreadLimit);
    this.feed = new NotificationFeed(this.connection.keepAlive, unreadLimit);
    this.logins = new LoginCompletions(this.connection.keepAlive);
    this.mcp = new McpWatch(this.connection.keepAlive);
    this.tape = new EventTape(this.connection.keepAlive, unreadLimit);
  }

  /** Whether experimental methods and fields may be used. */
  get experimentalApi(): boolean {
    return this.#config.experimentalApi ?? true;
  }

  /** What the engine reported about itself. Undefined until `initialize` is over. */
  get metadata(): InitializeMetadata | undefined {
    return this.#metadata;
  }

  /**
   * Starts the engine and initializes the connection. On failure nothing is left running, and the first error is
   * thrown.
   */
  async initialize(): Promise<void> {
    const { name: clientName } = initializeParams(this.#config).clientInfo;
    try {
      if (this.#config.telemetry || this.#config.logger) await this.#attachSinks();
      this.telemetry.starting(clientName);
      const timeoutMs = this.#config.requestTimeoutMs ?? defaultRequestTimeoutMs;
      if (this.#config.hooks) await this.#openHooks(this.#config.hooks);
      await orAbort('connecting to the Codex process', this.connection.open(), { timeoutMs });
      // Whoever waits for the connection keeps the program alive; a connection that nobody wants any more must not.
      const answer = await this.connection.request('initialize', initializeParams(this.#config), { keepsAlive: false });
      // Before the check, as in Python: `initialized` is sent whatever the engine reports about itself.
      this.connection.notify('initialized');
      this.#metadata = initializeMetadata(answer);
      if (this.#config.engineCheck !== 'off') warnIfUnproven(this.#metadata.serverInfo.version);
      this.telemetry.started(clientName, runtimeVersion(this.#metadata.serverInfo.version));
      await this.#hooks?.verify((method, params) => this.connection.request(method, params, { keepsAlive: false }));
    } catch (error) {
      this.#closed = true;
      this.telemetry.failed(error);
      await this.connection.close();
      throw error;
    }
  }

  /** Programs without them load nothing of them. */
  async #attachSinks(): Promise<void> {
    const { sinksOf } = await import('../telemetry/sinks.ts');
    this.telemetry.attach(await sinksOf(this.#config));
  }

  /** The program ends the connection. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.connection.close();
    this.telemetry.closed();
  }

  /** Programs without hooks load nothing of them. */
  async #openHooks(hooks: Hooks): Promise<void> {
    const taker = hooksTaker(this.#config.transport);
    if (taker) {
      const { HooksInProcess } = await import('../hooks/hooks-in-process.ts');
      const called = new HooksInProcess(hooks);
      this.#hooks = called;
      taker(called.call);
      return;
    }
    const { openHooks } = await import('../hooks/open-hooks.ts');
    const opened = await openHooks(hooks);
    if (this.#failure) return opened.fail(this.#failure);
    this.#hooks = opened;
    this.#launch?.args.unshift(...opened.args);
    Object.assign(this.#launch?.env ?? {}, opened.env);
  }

  /**
   * Sends a request, unless it has an option that this engine would silently ignore.
   * @throws CodexError for such an option; nothing is sent
   * @throws what `Connection.request()` throws
   */
  async request(method: string, params: unknown, options: InternalCallOptions = {}): Promise<JsonObject> {
    if (options.signal?.aborted) throw new AbortError(method, options.signal.reason);
    // Waits only if there is something to wait for: requests are sent in the order of the calls.
    const check = this.#check(method, params);
    if (check) await orAbort(method, check, options);
    const answer = await this.connection.request(method, params, options);
    if (method === 'turn/start') this.#noteInput(params, idIn(answer.turn));
    else if (method === 'turn/steer') this.#noteInput(params, asText((params as JsonObject).expectedTurnId));
    return answer;
  }

  /** A turn has been given what was staged; it may be over by now. */
  #noteInput(params: unknown, turnId: string | undefined): void {
    if (!this.#staging || turnId === undefined || !isObject(params) || !Array.isArray(params.input)) return;
    const paths = params.input.flatMap((item: unknown) => (isObject(item) ? (asText(item.path) ?? []) : []));
    this.#staging.given(paths, String(params.threadId), turnId);
    if (this.stops.hasEnded(turnId)) this.#staging.turnEnded(turnId);
  }

  /** The files that are staged for this connection; made with the first one. @throws StagingError if there is no home */
  async staging(): Promise<Staging> {
    const { Staging } = await import('../files/staging.ts');
    if (this.#unstaged) throw new TransportClosedError('the client was closed', { action: 'staging a file' });
    const { codexHome, platformFamily } = this.#metadata ?? {};
    this.#staging ??= new Staging(platformFamily === 'memory' ? undefined : codexHome);
    return this.#staging;
  }

  /** Removes what was staged for this connection. Never rejects. */
  async unstage(): Promise<void> {
    this.#unstaged = true;
    await this.#staging?.close();
  }

  /** @throws CodexError if the engine cannot be asked */
  async supports(name: string): Promise<boolean> {
    try {
      return (await this.schema.names(this.experimentalApi)).has(name);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CodexError(`could not ask the engine whether it knows ${name}: ${reason}`, {
        cause,
        kind: 'unsupported',
        action: `asking the engine for ${name}`,
      });
    }
  }

  /**
   * Sends `turn/start` or `review/start`, and subscribes to the turn named in the answer. Only one start per thread is
   * pending at a time, because an engine joins the second to the first. An abort before the request is written sends
   * nothing. After that the call rejects, and nobody receives the turn's events. If `stop` has fired by the time of the
   * answer, the turn is stopped before another one starts on the thread. So is one whose answer comes after the timeout,
   * unless a later start has joined it.
   */
  async startTurn(
    threadId: string,
    params: object,
    options: Limits,
    method: 'turn/start' | 'review/start' = 'turn/start',
    stop: StopSignal = {},
  ): Promise<StartedTurn> {
    const { signal } = options;
    const release = await orAbort(method, this.starts.acquire(threadId), options, (late) => late());
    if (signal?.aborted) {
      release();
      throw new AbortError(method, signal.reason);
    }
    const work = this.#sendStart(method, threadId, params, options, stop)
      .then(async (started) => {
        if (stop.signal?.aborted)
          await this.stops.stopLocked(runsOn(started, threadId), started.turnId, stop.hard === true);
        return started;
      })
      .finally(release);
    return await orAbort(method, work, { signal }, (started) => {
      started.subscription.close();
      // The signal may have fired in the moment between its answer and here.
      if (stop.signal?.aborted) void this.stops.stop(runsOn(started, threadId), started.turnId, stop.hard === true);
    });
  }

  async #sendStart(
    method: string,
    threadId: string,
    params: object,
    { signal, timeoutMs, since }: Limits,
    { hard }: StopSignal,
  ): Promise<StartedTurn> {
    this.goals.assertFree(threadId, method);
    const unopened = this.unopened.get(threadId);
    if (unopened) throw copyError(unopened, { action: method });
    // A review on its own thread: only the answer says which thread.
    const elsewhere = 'delivery' in params && mayRunElsewhere(params.delivery);
    const pending = this.turns.beginStart(elsewhere ? undefined : threadId);
    const begun = this.#contexts.begin(threadId);
    try {
      const check = this.#check(method, params);
      if (check) await orAbort(method, check, { signal, timeoutMs, since });
      // Without the signal: the answer to a sent request is awaited, so that the turn it starts finds its subscription.
      // It does not keep the program alive by itself: an aborted caller must not do that until the answer arrives.
      const late = (answer: JsonObject) => {
        const turnId = isObject(answer.turn) ? asText(answer.turn.id) : undefined;
        if (turnId !== undefined) void this.stops.stopUnclaimed(runsOn({ answer }, threadId), turnId, hard);
      };
      const answer = await this.connection.request(method, params, { timeoutMs, since, keepsAlive: false, late });
      const turnId = idOf(method, answer, 'turn');
      begun.named(turnId);
      this.#noteInput(params, turnId);
      this.stops.claim(turnId);
      return {
        turnId,
        subscription: pending.attach(turnId),
        denials: this.broker.denialsOf(turnId, this.stops.hasEnded(turnId)),
        answer,
      };
    } finally {
      pending.end();
      begun.end();
    }
  }

  #check(method: string, params: unknown): Promise<void> | undefined {
    return checkCapabilities(method, params, runtimeVersion(this.#metadata?.serverInfo.version), this.schema);
  }

  #contextOf(params: unknown): Context {
    const { threadId, conversationId = threadId, turnId } = isObject(params) ? params : {};
    return this.goals.contextOf(conversationId) ?? this.#contexts.of(conversationId, turnId) ?? this.#own;
  }

  /** The one place that everything which the engine says passes, in the order of the wire. */
  #route(method: string, payload: JsonObject, size: number): void {
    const known = knownMethod(method);
    // The types of the contract are trusted here: what the engine sent is passed on unchanged.
    const event = new Told(known?.method ?? method, payload, known !== undefined) as Notification;
    this.broker.see(event.method, payload);
    if (this.mcp.isUsed) this.mcp.see(event.method, payload);
    const turnId = turnIdIn(known, payload);
    const threadId = threadIdIn(known, payload);
    if (this.#staging && threadId !== undefined && threadEnds.includes(event.method))
      this.#staging.threadEnded(threadId);
    // Before anybody reads the report: who waits for an event gets it at once.
    if (turnId !== undefined && event.method === 'thread/tokenUsage/updated') this.#usage.see(payload);
    if (this.tape.isRead) this.tape.append(event, threadId, size);
    if (event.method === 'serverRequest/resolved') this.turns.resolved(requestKey(payload.requestId));
    if (turnId !== undefined) {
      this.stops.see(event.method, turnId, payload);
      if (event.method === 'turn/completed') {
        this.#contexts.ended(turnId);
        this.#staging?.turnEnded(turnId);
      }
    }
    if (known?.told) this.telemetry.see(event.method, payload);
    if (this.goals.route(threadId, turnId, event, size)) return;
    if (turnId !== undefined) {
      this.turns.route(turnId, threadId, event, size, known?.telling ?? false);
      return;
    }
    const loginId = loginIdIn(method, payload);
    if (loginId !== undefined) this.logins.route(loginId, payload);
    else {
      this.feed.push(event, size);
      if (this.feed.dropped > 0) this.telemetry.dropped(this.feed.dropped);
    }
  }

  #noteRequest(request: ServerRequest, size: number): void {
    this.telemetry.received(request);
    const { threadId, conversationId = threadId, turnId } = isObject(request.params) ? request.params : {};
    if (this.tape.isRead) this.tape.append(request, asText(conversationId), size);
    const awaits = awaited(request.method, request.params);
    if (awaits && typeof turnId === 'string')
      this.turns.take(turnId, { step: 'request', id: requestKey(request.id), awaits });
  }
}

/** The notifications after which a thread is over, as far as its files are concerned. */
const threadEnds: readonly string[] = ['thread/archived', 'thread/closed', 'thread/deleted'];

function idIn(value: unknown): string | undefined {
  return isObject(value) ? asText(value.id) : undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A turn that this client has started or joined. */
export interface StartedTurn {
  turnId: string;
  subscription: TurnSubscription;
  denials: TurnDenials;
  /** The engine's answer, unchanged. */
  answer: JsonObject;
}
