import { CodexError } from '../errors/codex-error.ts';
import type {
  ClientRequestMethod,
  ClientRequests,
  GetAccountResponse,
  JsonObject,
  ModelListResponse,
  ThreadArchiveResponse,
  ThreadListResponse,
} from '../protocol/index.ts';
import type { CallOptions } from '../rpc/connection.ts';
import type { Notification } from '../rpc/notification.ts';
import type { CodexConfig } from './config.ts';
import type { InitializeMetadata } from './initialize-metadata.ts';
import { LazySession } from './lazy-session.ts';
import {
  type ChatgptLoginHandle,
  type DeviceCodeLoginHandle,
  startChatgptLogin,
  startDeviceCodeLogin,
} from './login.ts';
import { idOf } from './session.ts';
import { Thread } from './thread.ts';
import {
  type ThreadForkOptions,
  type ThreadListOptions,
  type ThreadResumeOptions,
  type ThreadStartOptions,
  threadForkParams,
  threadListParams,
  threadResumeParams,
  threadStartParams,
} from './thread-options.ts';

/** The methods whose `params` may be left out. */
type MethodWithoutParams = {
  [M in ClientRequestMethod]: undefined extends ClientRequests[M]['params'] ? M : never;
}[ClientRequestMethod];

/**
 * A client of the engine (Python: `Codex`, and `AsyncCodex` in its laziness). The engine is started at the first need.
 * ```ts
 * await using codex = new Codex();
 * const thread = await codex.threadStart({ sandbox: Sandbox.workspaceWrite });
 * console.log((await thread.run('Describe this project.')).finalResponse);
 * ```
 */
export class Codex {
  readonly #session: LazySession;

  constructor(config: CodexConfig = {}) {
    this.#session = new LazySession({ ...config });
  }

  /**
   * Starts the engine and greets it, if that has not been done; every other method does it by itself.
   * @throws LaunchError when there is no engine to start
   * @throws CodexError when it does not say who it is
   */
  async connect(options: { signal?: AbortSignal | undefined } = {}): Promise<InitializeMetadata> {
    await this.#session.ready(options.signal);
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
    const session = await this.#session.ready(options.signal);
    return await session.connection.request(method, params, options);
  }

  /**
   * Notifications that belong to no turn, in the order of arrival, from the oldest unread one on. Each goes to one
   * reader; of those that nobody reads the last 10,000 are kept. Ends only by `break`, an abort or the end of the connection.
   */
  async *notifications(options: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<Notification, void, void> {
    const session = await this.#session.ready(options.signal);
    for (;;) yield await session.feed.next(options.signal);
  }

  /** Logs in with an API key. */
  async loginApiKey(apiKey: string, options: CallOptions = {}): Promise<void> {
    await this.request('account/login/start', { type: 'apiKey', apiKey }, options);
  }

  /** Starts a ChatGPT login in the browser and returns its handle. */
  async loginChatgpt(options: CallOptions = {}): Promise<ChatgptLoginHandle> {
    return await startChatgptLogin(this, await this.#session.ready(options.signal), options);
  }

  /** Starts a ChatGPT login by device code and returns its handle. */
  async loginChatgptDeviceCode(options: CallOptions = {}): Promise<DeviceCodeLoginHandle> {
    return await startDeviceCodeLogin(this, await this.#session.ready(options.signal), options);
  }

  /** The account that is logged in. */
  async account(options: CallOptions & { refreshToken?: boolean | undefined } = {}): Promise<GetAccountResponse> {
    const { refreshToken = false, ...call } = options;
    return await this.request('account/read', { refreshToken }, call);
  }

  /** Logs out. */
  async logout(options: CallOptions = {}): Promise<void> {
    await this.request('account/logout', undefined, options);
  }

  /** Starts a conversation. */
  async threadStart(options: ThreadStartOptions = {}): Promise<Thread> {
    return await this.#thread('thread/start', threadStartParams(options), options);
  }

  /** Takes up a stored conversation. */
  async threadResume(threadId: string, options: ThreadResumeOptions = {}): Promise<Thread> {
    return await this.#thread('thread/resume', threadResumeParams(threadId, options), options);
  }

  /** Starts a conversation from the history of another. */
  async threadFork(threadId: string, options: ThreadForkOptions = {}): Promise<Thread> {
    return await this.#thread('thread/fork', threadForkParams(threadId, options), options);
  }

  /** Lists stored conversations, a page at a time. */
  async threadList(options: ThreadListOptions = {}): Promise<ThreadListResponse> {
    return await this.request('thread/list', threadListParams(options), options);
  }

  /** Archives a stored conversation. */
  async threadArchive(threadId: string, options: CallOptions = {}): Promise<ThreadArchiveResponse> {
    return await this.request('thread/archive', { threadId }, options);
  }

  /** Brings an archived conversation back. */
  async threadUnarchive(threadId: string, options: CallOptions = {}): Promise<Thread> {
    return await this.#thread('thread/unarchive', { threadId }, options);
  }

  /** The models that the engine offers. */
  async models(options: CallOptions & { includeHidden?: boolean | undefined } = {}): Promise<ModelListResponse> {
    const { includeHidden = false, ...call } = options;
    return await this.request('model/list', { includeHidden }, call);
  }

  async #thread(method: string, params: object, options: CallOptions): Promise<Thread> {
    const session = await this.#session.ready(options.signal);
    const answer = await session.connection.request(method, params, options);
    return new Thread(this, this.#session, idOf(method, answer, 'thread'));
  }
}
