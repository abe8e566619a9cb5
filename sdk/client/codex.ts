import { oneClassInAllCopies } from '../../native/one-class.mjs';
import { type ApprovalOptions, approvalOptions } from '../approvals/options.ts';
import { showCallers } from '../errors/callers-line.ts';
import { checkArgument, checkOptions, flag, object } from '../options/check-options.ts';
import type {
  GetAccountResponse,
  JsonObject,
  ModelListResponse,
  Thread as StoredThread,
  ThreadArchiveResponse,
  ThreadAttachmentOwner,
  ThreadDeleteResponse,
  ThreadForkParams,
  ThreadListResponse,
} from '../protocol/index.ts';
import { mayRun } from '../rpc/engine-words.ts';
import { isObject } from '../rpc/is-object.ts';
import { type CallOptions, callRules, type Limits, orAbort } from '../rpc/limits.ts';
import type { Tool } from '../tools/tool.ts';
import { EngineClient, sessionOf } from './engine-client.ts';
import { idOf } from './ids-in-answers.ts';
import {
  type ChatgptLoginHandle,
  type DeviceCodeLoginHandle,
  startChatgptLogin,
  startDeviceCodeLogin,
} from './login.ts';
import { type McpServers, mcpSecrets, restartPolicies } from './mcp-servers.ts';
import { pages } from './pages.ts';
import type { Session } from './session.ts';
import { Thread } from './thread.ts';
import {
  type AttachmentOwnerOptions,
  attachmentKeyRules,
  attachmentOwnerRules,
  type ThreadAttachmentKey,
} from './thread-attachments.ts';
import {
  type ThreadForkOptions,
  type ThreadListOptions,
  type ThreadResumeOptions,
  type ThreadStartOptions,
  threadForkParams,
  threadForkRules,
  threadListParams,
  threadListRules,
  threadResumeParams,
  threadResumeRules,
  threadStartParams,
  threadStartRules,
} from './thread-options.ts';
import { withoutUnset } from './unset.ts';

/**
 * A client of the engine (Python: `Codex`, and as lazy as `AsyncCodex`). It starts the engine on the first call.
 * ```ts
 * import { Codex, Sandbox } from 'twinproof';
 *
 * await using codex = new Codex();
 * const thread = await codex.threadStart({ sandbox: Sandbox.workspaceWrite });
 * console.log((await thread.run('Describe this project.')).finalResponse);
 * ```
 */
export class Codex extends EngineClient {
  /** Logs in with an API key. */
  async loginApiKey(apiKey: string, options: CallOptions = {}): Promise<void> {
    checkArgument('apiKey', apiKey);
    checkOptions('Codex.loginApiKey', options, callRules);
    await this.request('account/login/start', { type: 'apiKey', apiKey }, options);
  }

  /** Starts a ChatGPT login in the browser and returns its handle. */
  async loginChatgpt(options: CallOptions = {}): Promise<ChatgptLoginHandle> {
    checkOptions('Codex.loginChatgpt', options, callRules);
    return await sessionOf(this).call(options, (session, limits) => startChatgptLogin(this, session, limits));
  }

  /** Starts a ChatGPT login with a device code and returns its handle. */
  async loginChatgptDeviceCode(options: CallOptions = {}): Promise<DeviceCodeLoginHandle> {
    checkOptions('Codex.loginChatgptDeviceCode', options, callRules);
    return await sessionOf(this).call(options, (session, limits) => startDeviceCodeLogin(this, session, limits));
  }

  /** Returns the account that is logged in. */
  async account(options: CallOptions & { refreshToken?: boolean | undefined } = {}): Promise<GetAccountResponse> {
    checkOptions('Codex.account', options, { ...callRules, refreshToken: flag });
    const { refreshToken = false, ...call } = options;
    return await this.request('account/read', { refreshToken }, call);
  }

  /** Logs out. */
  async logout(options: CallOptions = {}): Promise<void> {
    checkOptions('Codex.logout', options, callRules);
    await this.request('account/logout', undefined, options);
  }

  /** Starts a conversation. */
  async threadStart(options: ThreadStartOptions = {}): Promise<Thread> {
    checkOptions('Codex.threadStart', options, threadStartRules);
    const given = withClientServers(this, options);
    return await openThread(this, 'thread/start', threadStartParams(given, sessionOf(this).hasApprovals), given);
  }

  /** Resumes a stored conversation. */
  async threadResume(threadId: string, options: ThreadResumeOptions = {}): Promise<Thread> {
    checkArgument('threadId', threadId);
    checkOptions('Codex.threadResume', options, threadResumeRules);
    const given = withClientServers(this, options);
    const params = threadResumeParams(threadId, given, sessionOf(this).hasApprovals);
    return await openThread(this, 'thread/resume', params, given, threadId);
  }

  /** Starts a new conversation from the history of another one. */
  async threadFork(threadId: string, options: ThreadForkOptions = {}): Promise<Thread> {
    checkArgument('threadId', threadId);
    checkOptions('Codex.threadFork', options, threadForkRules);
    const given = withClientServers(this, options);
    return await openThread(
      this,
      'thread/fork',
      threadForkParams(threadId, given, sessionOf(this).hasApprovals),
      given,
    );
  }

  /** Returns one page of the stored conversations. */
  async threadList(options: ThreadListOptions = {}): Promise<ThreadListResponse> {
    checkOptions('Codex.threadList', options, threadListRules);
    return await this.request('thread/list', threadListParams(options), options);
  }

  /** Iterates over all stored conversations from `cursor` on and fetches pages as needed; `limit` is the page size. */
  threads(options: ThreadListOptions = {}): AsyncGenerator<StoredThread, void, void> {
    checkOptions('Codex.threads', options, threadListRules);
    return pages(options.cursor, (cursor) => this.threadList({ ...options, cursor }));
  }

  /** Iterates over the ids of the conversations that the engine has loaded (`thread/loaded/list`). */
  loadedThreads(options: CallOptions = {}): AsyncGenerator<string, void, void> {
    checkOptions('Codex.loadedThreads', options, callRules);
    return pages(undefined, (cursor) => this.request('thread/loaded/list', withoutUnset({ cursor }), options));
  }

  /** Iterates over the threads that something is stored with under this key (`thread/attachmentOwner/list`). */
  attachmentOwners(
    key: ThreadAttachmentKey,
    options: AttachmentOwnerOptions = {},
  ): AsyncGenerator<ThreadAttachmentOwner, void, void> {
    checkArgument('key', key, object);
    checkOptions('Codex.attachmentOwners', key, attachmentKeyRules);
    checkOptions('Codex.attachmentOwners', options, attachmentOwnerRules);
    const { attachmentType, identityKey } = key;
    const { archived, limit, cursor: first, ...call } = options;
    return pages(first, (cursor) => {
      const params = { attachmentType, identityKey, ...withoutUnset({ archived, cursor, limit }) };
      return this.request('thread/attachmentOwner/list', params, call);
    });
  }

  /** Deletes a stored conversation permanently (`thread/delete`). */
  async threadDelete(threadId: string, options: CallOptions = {}): Promise<ThreadDeleteResponse> {
    checkArgument('threadId', threadId);
    checkOptions('Codex.threadDelete', options, callRules);
    const answer = await this.request('thread/delete', { threadId }, options);
    sessionOf(this).forget(threadId);
    return answer;
  }

  /** Archives a stored conversation. */
  async threadArchive(threadId: string, options: CallOptions = {}): Promise<ThreadArchiveResponse> {
    checkArgument('threadId', threadId);
    checkOptions('Codex.threadArchive', options, callRules);
    const answer = await this.request('thread/archive', { threadId }, options);
    sessionOf(this).forget(threadId);
    return answer;
  }

  /** Restores an archived conversation. */
  async threadUnarchive(threadId: string, options: CallOptions = {}): Promise<Thread> {
    checkArgument('threadId', threadId);
    checkOptions('Codex.threadUnarchive', options, callRules);
    return await openThread(this, 'thread/unarchive', { threadId }, options);
  }

  /** Returns the models that the engine offers. */
  async models(options: CallOptions & { includeHidden?: boolean | undefined } = {}): Promise<ModelListResponse> {
    checkOptions('Codex.models', options, { ...callRules, includeHidden: flag });
    const { includeHidden = false, ...call } = options;
    return await this.request('model/list', { includeHidden }, call);
  }
}

showCallers(Codex.prototype);
oneClassInAllCopies({ Codex });

/** An engine that has the thread loaded resumes it as it is, with its reviewer: what was asked for is then set. */
async function reviewedByUser(
  session: Session,
  threadId: string,
  { approvalsReviewer: asked }: { approvalsReviewer?: unknown },
  { approvalsReviewer: has }: JsonObject,
  limits: Limits,
): Promise<void> {
  if (asked !== 'user' || has === undefined || has === 'user') return;
  await session.request('thread/settings/update', { threadId, approvalsReviewer: asked }, limits);
  session.broker.learn(threadId, { approvalsReviewer: asked });
}

/** The options of a thread, with the MCP servers of its client. */
function withClientServers<T extends { mcpServers?: McpServers | undefined }>(client: Codex, options: T): T {
  const { mcpServers } = sessionOf(client);
  return mcpServers ? { ...options, mcpServers: { ...mcpServers, ...options.mcpServers } } : options;
}

/** @param known the thread's id, if it has one already: the engine may ask before its answer has been read */
async function openThread(
  client: Codex,
  method: string,
  params: object,
  options: CallOptions & ApprovalOptions & { tools?: readonly Tool[] | undefined; mcpServers?: McpServers | undefined },
  known?: string,
): Promise<Thread> {
  const lazy = sessionOf(client);
  const given = approvalOptions(options);
  const policies = restartPolicies(options.mcpServers);
  return await lazy.call(options, async (session, limits) => {
    const { tools: list } = options;
    session.mcp.hide(mcpSecrets(options.mcpServers));
    const supervisor = policies && (await orAbort(method, supervisorOf(session), limits));
    const tools = list && (await orAbort(method, openingWith(session, method, list), limits));
    const takeBack = known === undefined ? [] : [session.broker.setThread(known, given), tools?.bind(known)];
    try {
      const answer = await session.request(method, { ...params, ...tools?.params }, limits);
      const id = idOf(method, answer, 'thread');
      session.broker.learn(id, answer);
      await reviewedByUser(session, id, params, answer, limits);
      if (id !== known) {
        session.broker.setThread(id, given);
        tools?.bind(id);
      }
      if (policies) supervisor?.watch(id, policies);
      await tools?.compare(id, answer.thread);
      session.unopened.delete(id);
      lazy.remember(id, (again) => reopen(again, id, params, options));
      if (!tools && method === 'thread/fork') session.broker.tools?.inherit((params as ThreadForkParams).threadId, id);
      return new Thread(client, lazy, id);
    } catch (error) {
      for (const undo of takeBack) undo?.();
      throw error;
    }
  });
}

/** What an engine that was started anew must be told again of a thread. One that has the thread loaded keeps its own. */
const kept = [
  'approvalPolicy',
  'approvalsReviewer',
  'baseInstructions',
  'config',
  'cwd',
  'developerInstructions',
  'model',
  'modelProvider',
  'personality',
  'sandbox',
  'serviceTier',
] as const;

/** Resumes a thread on another connection, as it was opened on the one that is lost. @returns the turn that runs on it */
async function reopen(
  session: Session,
  id: string,
  params: object,
  options: ApprovalOptions & { tools?: readonly Tool[] | undefined },
): Promise<string | undefined> {
  // Before it is resumed: an engine that waits for an answer asks again at once.
  session.broker.setThread(id, approvalOptions(options));
  if (options.tools) (await openingWith(session, 'thread/resume', options.tools)).bind(id);
  const told = Object.fromEntries(kept.flatMap((key) => (key in params ? [[key, (params as JsonObject)[key]]] : [])));
  const answer = await session.request('thread/resume', { threadId: id, ...told, excludeTurns: true });
  session.broker.learn(id, answer);
  await reviewedByUser(session, id, told, answer, {});
  const { data } = await session.request('thread/turns/list', { threadId: id, limit: 1, sortDirection: 'desc' });
  const [newest] = Array.isArray(data) ? data : [];
  return isObject(newest) && typeof newest.id === 'string' && mayRun(newest.status) ? newest.id : undefined;
}

/** Programs without tools load nothing of them. */
async function openingWith({ broker, experimentalApi }: Session, method: string, tools: readonly Tool[]) {
  const { openWithTools } = await import('../tools/open-with-tools.ts');
  return await openWithTools(broker, tools, { starts: method === 'thread/start', experimentalApi });
}

/** Programs without supervised MCP servers load nothing of it. */
async function supervisorOf({ mcp, connection }: Session) {
  const { McpSupervisor } = await import('../mcp/supervisor.ts');
  if (mcp.supervisor instanceof McpSupervisor) return mcp.supervisor;
  const supervisor = new McpSupervisor({
    tell: (event) => mcp.tell(event),
    request: (method, params) => connection.request(method, params, { keepsAlive: false }),
  });
  mcp.supervisor = supervisor;
  return supervisor;
}
