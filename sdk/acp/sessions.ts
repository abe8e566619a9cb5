import type {
  AgentContext,
  AuthenticateRequest,
  CancelNotification,
  CloseSessionRequest,
  DeleteSessionRequest,
  InitializeRequest,
  InitializeResponse,
  ListSessionsRequest,
  ListSessionsResponse,
  LoadSessionRequest,
  LoadSessionResponse,
  NewSessionRequest,
  NewSessionResponse,
  PromptRequest,
  PromptResponse,
  RequestError,
  RequestPermissionRequest,
  RequestPermissionResponse,
  ResumeSessionRequest,
  SessionUpdate,
  SetSessionConfigOptionRequest,
  SetSessionConfigOptionResponse,
  SetSessionModeRequest,
} from '@agentclientprotocol/sdk';
import { startDeadline } from '../host/deadline.ts';
import { onAbort } from '../host/on-abort.ts';
import {
  type ApprovalDecision,
  type ApprovalRequest,
  AuthError,
  type Codex,
  CodexError,
  type Thread,
  TransportClosedError,
  TurnFailedError,
  type TurnOptions,
} from '../index.ts';
import type { Model } from '../protocol/index.ts';
import { inputOf, mcpServersOf } from './content.ts';
import { type Choice, configOptions, firstMode, modeNames, modeSettings, modeState } from './modes.ts';
import type { AcpOptions } from './options.ts';
import { questionOf } from './permissions.ts';
import { Updates } from './updates.ts';

/** What a client calls a session: a thread of the engine. */
interface Session {
  id: string;
  client: AgentContext;
  /** As the client asked for it; an engine that is started again needs it again. */
  setup: Pick<NewSessionRequest, 'cwd' | 'mcpServers'>;
  /** Undefined when the engine has gone. */
  thread: Thread | undefined;
  mode: string;
  choice: Choice;
  /** What the next turn has to be told. */
  pending: TurnOptions;
  /** Stops the prompt that runs. */
  running: AbortController | undefined;
  /** Settles when it has ended. */
  ended: Promise<unknown>;
}

/** The key of the API, for the method of that name. */
const keyVariables = ['CODEX_API_KEY', 'OPENAI_API_KEY'];

/** The sessions of one client, and what it can ask of them. */
export class AcpSessions {
  readonly #codex: Codex;
  readonly #options: AcpOptions;
  readonly #error: typeof RequestError;
  readonly #sessions = new Map<string, Session>();
  #models: Promise<readonly Model[]> | undefined;

  constructor(codex: Codex, options: AcpOptions, error: typeof RequestError) {
    this.#codex = codex;
    this.#options = options;
    this.#error = error;
  }

  initialize({ protocolVersion }: InitializeRequest, newest: number, version: string): InitializeResponse {
    return {
      protocolVersion: Math.min(protocolVersion, newest),
      agentInfo: { name: 'twinproof', title: 'Codex', version },
      agentCapabilities: {
        loadSession: true,
        promptCapabilities: { image: true, audio: true, embeddedContext: true },
        mcpCapabilities: { http: true, sse: false },
        sessionCapabilities: { list: {}, delete: {}, resume: {}, close: {} },
        auth: { logout: {} },
      },
      authMethods: [
        {
          id: 'api-key',
          name: 'API key',
          description: `The key in ${keyVariables.join(' or ')}. For a login with ChatGPT, run npx codex login.`,
        },
      ],
    };
  }

  async authenticate({ methodId }: AuthenticateRequest): Promise<Record<string, never>> {
    const key = keyVariables.map((name) => process.env[name]).find((value) => value);
    if (methodId !== 'api-key') throw this.#error.invalidParams({ methodId }, 'there is no such method');
    if (key === undefined)
      throw this.#error.authRequired({}, `set ${keyVariables.join(' or ')}, or run npx codex login`);
    return await this.#asked(async () => {
      await this.#codex.loginApiKey(key);
      return {};
    });
  }

  async logout(): Promise<Record<string, never>> {
    return await this.#asked(async () => {
      await this.#codex.logout();
      return {};
    });
  }

  async create(setup: NewSessionRequest, client: AgentContext): Promise<NewSessionResponse> {
    return await this.#asked(async () => {
      await this.#refuseStrangers();
      const session = this.#session('', setup, client);
      const { thread: shared } = this.#options;
      const thread = await this.#codex.threadStart({
        ...shared,
        ...modeSettings(firstMode),
        ...this.#threadOptions(session),
      });
      session.id = thread.id;
      session.thread = thread;
      this.#sessions.set(thread.id, session);
      return { sessionId: thread.id, ...(await this.#state(session)) };
    });
  }

  /** Continues a session, and tells the client what was said before. */
  async load({ sessionId, ...setup }: LoadSessionRequest, client: AgentContext): Promise<LoadSessionResponse> {
    return await this.#asked(async () => {
      const session = await this.#continued(sessionId, setup, client);
      const updates = new Updates();
      for await (const { item } of (await this.#thread(session)).items({ sortDirection: 'asc' }))
        for (const update of updates.past(item)) await this.#tell(session, update);
      return await this.#state(session);
    });
  }

  async resume({ sessionId, mcpServers = [], ...setup }: ResumeSessionRequest, client: AgentContext) {
    return await this.#asked(async () => {
      return await this.#state(await this.#continued(sessionId, { ...setup, mcpServers }, client));
    });
  }

  async list({ cwd, cursor }: ListSessionsRequest): Promise<ListSessionsResponse> {
    return await this.#asked(async () => {
      const { data, nextCursor } = await this.#codex.threadList({ cwd, cursor });
      return {
        sessions: data.map(({ id, cwd: folder, name, preview, updatedAt }) => ({
          sessionId: id,
          cwd: String(folder),
          title: name ?? preview,
          updatedAt: new Date(Number(updatedAt) * 1000).toISOString(),
        })),
        nextCursor: nextCursor ?? null,
      };
    });
  }

  async close({ sessionId }: CloseSessionRequest): Promise<Record<string, never>> {
    const session = this.#known(sessionId);
    session.running?.abort(new Error('the session was closed'));
    this.#sessions.delete(sessionId);
    return {};
  }

  async delete({ sessionId }: DeleteSessionRequest): Promise<Record<string, never>> {
    return await this.#asked(async () => {
      this.#sessions.get(sessionId)?.running?.abort(new Error('the session was deleted'));
      this.#sessions.delete(sessionId);
      await this.#codex.threadDelete(sessionId);
      return {};
    });
  }

  setMode({ sessionId, modeId }: SetSessionModeRequest): Record<string, never> {
    const session = this.#known(sessionId);
    const settings = modeSettings(modeId);
    if (!settings) throw this.#error.invalidParams({ modeId }, `expected ${modeNames()}`);
    session.mode = modeId;
    Object.assign(session.pending, settings);
    return {};
  }

  async setConfigOption(params: SetSessionConfigOptionRequest): Promise<SetSessionConfigOptionResponse> {
    const { sessionId, configId, value } = params;
    const session = this.#known(sessionId);
    return await this.#asked(async () => {
      const models = await this.#listModels();
      const option = configOptions(models, session.choice).find(({ id }) => id === configId);
      const values =
        option?.type === 'select' ? option.options.flatMap((one) => ('value' in one ? [one.value] : [])) : [];
      if (typeof value !== 'string' || !values.includes(value))
        throw this.#error.invalidParams({ configId, value }, `expected ${values.join(', ') || 'model or effort'}`);
      const choice: Choice = configId === 'model' ? { model: value } : { effort: value };
      session.choice = { ...session.choice, ...choice };
      Object.assign(session.pending, choice);
      return { configOptions: configOptions(models, session.choice) };
    });
  }

  /** Runs a turn, and tells the client of it as it goes. @param signal of the request: it is a cancel, too */
  async prompt({ sessionId, prompt }: PromptRequest, signal: AbortSignal): Promise<PromptResponse> {
    const session = this.#known(sessionId);
    if (session.running)
      throw this.#error.invalidRequest({ sessionId }, 'a prompt of this session runs; cancel it first');
    const running = new AbortController();
    session.running = running;
    const unlink = onAbort(signal, () => running.abort(signal.reason));
    try {
      const turn = this.#asked(async () => await this.#turn(session, prompt, running.signal));
      session.ended = turn.catch(() => {});
      return await turn;
    } finally {
      unlink();
      session.running = undefined;
    }
  }

  cancel({ sessionId }: CancelNotification): void {
    this.#sessions.get(sessionId)?.running?.abort(new Error('the client has cancelled the prompt'));
  }

  /** The client has gone. */
  async end(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    for (const { running } of sessions) running?.abort(new Error('the client has gone'));
    this.#sessions.clear();
    // An engine that goes on without us is told to stop; ours is closed.
    if (this.#options.client) await Promise.all(sessions.map(({ ended }) => ended));
  }

  async #turn(session: Session, prompt: PromptRequest['prompt'], signal: AbortSignal): Promise<PromptResponse> {
    const late = afterwards(signal);
    try {
      const thread = await this.#thread(session);
      const turn = await thread.turn(prompt.map(inputOf), { ...session.pending, signal });
      session.pending = {};
      const updates = new Updates();
      for await (const event of turn.stream({ signal: late.signal }))
        for (const update of updates.take(event)) void this.#tell(session, update);
      const { status } = await turn.result();
      return { stopReason: status === 'interrupted' ? 'cancelled' : 'end_turn' };
    } catch (error) {
      if (signal.aborted && !(error instanceof TransportClosedError)) return { stopReason: 'cancelled' };
      if (error instanceof TurnFailedError && error.result.error?.codexErrorInfo === 'contextWindowExceeded')
        return { stopReason: 'max_tokens' };
      throw error;
    } finally {
      late.stop();
    }
  }

  async #ask(session: Session, request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalDecision> {
    const { toolCall, options, decision } = questionOf(request);
    const asked: RequestPermissionRequest = { sessionId: session.id, toolCall, options };
    // A client that has an answer for what nobody waits for any more may keep it.
    const sending = { cancellationSignal: signal, stopWaitingOnCancel: true };
    const { outcome } = await session.client.request<RequestPermissionResponse>(
      'session/request_permission',
      asked,
      sending,
    );
    return decision(outcome);
  }

  async #tell(session: Session, update: SessionUpdate): Promise<void> {
    // A client that has gone ends the connection, which ends the turn.
    await session.client.notify('session/update', { sessionId: session.id, update }).catch(() => {});
  }

  #session(id: string, { cwd, mcpServers }: Session['setup'], client: AgentContext): Session {
    return {
      ...{ id, client, setup: { cwd, mcpServers }, thread: undefined },
      ...{
        mode: firstMode,
        choice: { model: this.#options.thread?.model ?? undefined },
        pending: {},
        running: undefined,
        ended: Promise.resolve(),
      },
    };
  }

  async #continued(id: string, setup: Session['setup'], client: AgentContext): Promise<Session> {
    this.#sessions.get(id)?.running?.abort(new Error('the session was loaded again'));
    const session = this.#session(id, setup, client);
    session.thread = await this.#resumed(session);
    this.#sessions.set(id, session);
    return session;
  }

  async #resumed(session: Session): Promise<Thread> {
    const settings = { ...modeSettings(session.mode), ...this.#threadOptions(session) };
    return await this.#codex.threadResume(session.id, settings);
  }

  async #thread(session: Session): Promise<Thread> {
    session.thread ??= await this.#resumed(session);
    return session.thread;
  }

  #threadOptions(session: Session) {
    const { tools } = this.#options.thread ?? {};
    return {
      cwd: session.setup.cwd,
      mcpServers: { ...this.#options.thread?.mcpServers, ...mcpServersOf(session.setup.mcpServers) },
      approvals: (request: ApprovalRequest, { signal }: { signal: AbortSignal }) => this.#ask(session, request, signal),
      ...(tools && { tools }),
    };
  }

  async #state(session: Session): Promise<LoadSessionResponse> {
    const options = configOptions(await this.#listModels(), session.choice);
    return { modes: modeState(session.mode), ...(options.length > 0 && { configOptions: options }) };
  }

  async #listModels(): Promise<readonly Model[]> {
    this.#models ??= this.#codex.models().then(({ data }) => data);
    this.#models.catch(() => {
      this.#models = undefined;
    });
    return await this.#models;
  }

  async #refuseStrangers(): Promise<void> {
    const { account, requiresOpenaiAuth } = await this.#codex.account();
    if (requiresOpenaiAuth && account == null) throw this.#error.authRequired({}, 'nobody is logged in');
  }

  #known(sessionId: string): Session {
    const session = this.#sessions.get(sessionId);
    if (!session) throw this.#error.sessionNotFound(sessionId);
    return session;
  }

  /**
   * An error of ours as one of the protocol. An engine that is gone is replaced at the next call, if it is our own; in any
   * case sessions are resumed, since the owner of a client may have given it another engine.
   */
  async #asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TransportClosedError) {
        for (const session of this.#sessions.values()) session.thread = undefined;
        if (this.#options.client === undefined) await this.#codex.close();
      }
      if (error instanceof AuthError) throw this.#error.authRequired({}, error.message);
      if (error instanceof CodexError || error instanceof TypeError)
        throw new this.#error(-32603, error.message, { kind: error instanceof CodexError ? error.kind : error.name });
      throw error;
    }
  }
}

/** How long an interrupted turn may take to end, in milliseconds: the client waits for it. */
const endTimeoutMs = 5000;

/** Fires some time after a signal has, unless it is stopped. */
function afterwards(signal: AbortSignal): { signal: AbortSignal; stop: () => void } {
  const late = new AbortController();
  let stopTimer = () => {};
  const stopListening = onAbort(signal, () => {
    stopTimer = startDeadline(endTimeoutMs, undefined, () => late.abort(signal.reason));
  });
  return {
    signal: late.signal,
    stop: () => {
      stopListening();
      stopTimer();
    },
  };
}
