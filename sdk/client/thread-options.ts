import { type ApprovalOptions, approvalRules, assertOneReviewer } from '../approvals/options.ts';
import {
  anything,
  finite,
  flag,
  object,
  orNull,
  type RulesFor,
  text,
  textOrTexts,
  texts,
} from '../options/check-options.ts';
import type {
  JsonObject,
  Personality,
  SortDirection,
  ThreadForkParams,
  ThreadListCwdFilter,
  ThreadListParams,
  ThreadResumeParams,
  ThreadSortKey,
  ThreadSourceKind,
  ThreadStartParams,
  ThreadStartSource,
} from '../protocol/index.ts';
import { type CallOptions, callRules } from '../rpc/limits.ts';
import { type Tool, tools } from '../tools/tool.ts';
import { ApprovalMode, type ApprovalSettings, approvalSettings, reviewSettings } from './approval-mode.ts';
import { type McpServers, mcpServersRule, withMcpServers } from './mcp-servers.ts';
import {
  fieldsOf,
  type ThreadFields,
  type ThreadForkFields,
  type ThreadStartFields,
  threadForkFields,
  threadResumeFields,
  threadStartFields,
} from './protocol-fields.ts';
import { type Sandbox, sandboxMode } from './sandbox.ts';
import { withoutUnset } from './unset.ts';

/**
 * What started a thread (Python: `ThreadSource`). The engine's contract allows any text, so other values are accepted.
 */
export type ThreadSource = 'user' | 'subagent' | 'memory_consolidation' | (string & {});

/** Options that starting, resuming and forking share. What you leave out is up to the engine. */
interface ThreadOptions extends CallOptions, ApprovalOptions {
  /** Replaces the engine's own instructions to the model. */
  baseInstructions?: string | null | undefined;
  /** Settings of the engine for this thread. Sent unchanged, including nulls; `mcpServers` are added. */
  config?: JsonObject | null | undefined;
  /** Working directory of the thread's commands. Default: that of the engine. */
  cwd?: string | null | undefined;
  /** Instructions of the program's author. They rank above the user's input. */
  developerInstructions?: string | null | undefined;
  /**
   * MCP servers of the thread, by name: `{ docs: { url: 'http://127.0.0.1:8931/mcp' }, db: { command: 'npx', args: ['db-mcp'] } }`.
   * The same as `mcp_servers` in `config`, with the names of TypeScript, beside those of the client. The engine does not keep
   * them: pass them again when you resume or fork the thread. A thread that is loaded keeps those that it has.
   */
  mcpServers?: McpServers | undefined;
  /** Name of the model, as in `Codex.models()`. */
  model?: string | null | undefined;
  /** Name of the provider, as in the engine's settings. */
  modelProvider?: string | null | undefined;
  /** What commands may access. */
  sandbox?: Sandbox | null | undefined;
  /** Service tier of the thread's turns. */
  serviceTier?: string | null | undefined;
  /**
   * Functions of your program that the agent can call, as `tool()` makes them. A start tells the engine of them; it keeps them
   * with the thread, and takes no others later. When you resume or fork the thread, the same option binds the functions
   * again: see `Thread.tools` for those that are missing or not known to the engine. Without it, a resumed thread keeps
   * what this connection has bound, and a fork has what the original thread has. Needs `experimentalApi`.
   */
  tools?: readonly Tool[] | undefined;
}

/** Options of `Codex.threadStart()`. */
export interface ThreadStartOptions extends ThreadOptions, ThreadStartFields {
  /** Default `ApprovalMode.autoReview`, unless there are `approvals`, here or in the client's options. */
  approvalMode?: ApprovalMode | undefined;
  /** The thread is not stored: you cannot resume or fork it, or read its turns. */
  ephemeral?: boolean | null | undefined;
  /** The agent's tone. */
  personality?: Personality | null | undefined;
  /** Name of the service that the thread belongs to. The engine adds it to its metrics. */
  serviceName?: string | null | undefined;
  /** What started the session, for the engine's hooks. */
  sessionStartSource?: ThreadStartSource | null | undefined;
  /** What the thread claims to come from. It is stored, and grants nothing. */
  threadSource?: ThreadSource | null | undefined;
}

/** Options of `Codex.threadResume()`. Without an approval mode, the thread keeps its own. */
export interface ThreadResumeOptions extends ThreadOptions, ThreadFields {
  /** Who approves what the sandbox does not allow. */
  approvalMode?: ApprovalMode | null | undefined;
  /** Whether the engine's answer contains the history. Default: the engine's. */
  includeTurns?: boolean | null | undefined;
  /** The agent's tone. */
  personality?: Personality | null | undefined;
}

/** Options of `Codex.threadFork()`. Without an approval mode, the fork keeps the original thread's. */
export interface ThreadForkOptions extends ThreadOptions, ThreadForkFields {
  /** Who approves what the sandbox does not allow. */
  approvalMode?: ApprovalMode | null | undefined;
  /** The thread is not stored: you cannot resume or fork it, or read its turns. */
  ephemeral?: boolean | null | undefined;
  /** Whether the engine's answer contains the history. Default: the engine's. */
  includeTurns?: boolean | null | undefined;
  /** What the thread claims to come from. It is stored, and grants nothing. */
  threadSource?: ThreadSource | null | undefined;
}

/** Options of `Codex.threadList()`. */
export interface ThreadListOptions extends CallOptions {
  /** True: only archived threads. False or unset: only the others. */
  archived?: boolean | null | undefined;
  /** `nextCursor` of the previous page. */
  cursor?: string | null | undefined;
  /** Only threads with this working directory, or one of these. */
  cwd?: ThreadListCwdFilter | null | undefined;
  /** Threads per page. Default: the engine's. */
  limit?: number | null | undefined;
  /** Only threads of these providers. Empty: of all. */
  modelProviders?: string[] | null | undefined;
  /** Only threads whose title contains this text. */
  searchTerm?: string | null | undefined;
  /** Only threads of this section. */
  sectionId?: string | null | undefined;
  /** `asc` or `desc`. Default: newest first. */
  sortDirection?: SortDirection | null | undefined;
  /** What to sort by. Default: the time of creation. */
  sortKey?: ThreadSortKey | null | undefined;
  /** Only threads with these kinds of source. Default: those that a person talks to. */
  sourceKinds?: ThreadSourceKind[] | null | undefined;
  /** True: search only the engine's database, not the files on disk. */
  useStateDbOnly?: boolean | null | undefined;
}

function sharedParams(options: ThreadOptions) {
  return withoutUnset({
    baseInstructions: options.baseInstructions,
    config: withMcpServers(options.config, options.mcpServers),
    cwd: options.cwd,
    developerInstructions: options.developerInstructions,
    model: options.model,
    modelProvider: options.modelProvider,
    sandbox: sandboxMode(options.sandbox),
    serviceTier: options.serviceTier,
  });
}

/** The engine asks the opposite question, and has its own default. */
function excludeTurns(includeTurns: boolean | null | undefined): { excludeTurns?: boolean } {
  return includeTurns == null ? {} : { excludeTurns: !includeTurns };
}

/** Who approves in a new thread, whose policy is to ask. */
function startReviewSettings(call: string, options: ThreadStartOptions, clientAsks: boolean): ApprovalSettings {
  assertOneReviewer(call, options);
  const { approvals, approvalMode = ApprovalMode.autoReview } = options;
  const asks = approvals !== undefined || (options.approvalMode === undefined && clientAsks);
  // Null is no mode here, and refused.
  return asks
    ? { ...approvalSettings(ApprovalMode.autoReview), approvalsReviewer: 'user' }
    : approvalSettings(approvalMode as ApprovalMode);
}

/**
 * The parameters of `thread/start`.
 * @param clientAsks whether the client has `approvals` of its own
 * @throws RangeError for an invalid sandbox or approval mode; TypeError for `approvals` with an approval mode
 */
export function threadStartParams(options: ThreadStartOptions, clientAsks: boolean): ThreadStartParams {
  return {
    ...startReviewSettings('Codex.threadStart', options, clientAsks),
    ...sharedParams(options),
    ...withoutUnset({
      ephemeral: options.ephemeral,
      personality: options.personality,
      serviceName: options.serviceName,
      sessionStartSource: options.sessionStartSource,
      threadSource: options.threadSource,
    }),
    ...fieldsOf('Codex.threadStart', options, threadStartFields),
  };
}

/** The parameters of `thread/resume`. @throws as above */
export function threadResumeParams(
  threadId: string,
  options: ThreadResumeOptions,
  clientAsks: boolean,
): ThreadResumeParams {
  return {
    threadId,
    ...reviewSettings('Codex.threadResume', options, clientAsks),
    ...sharedParams(options),
    ...excludeTurns(options.includeTurns),
    ...withoutUnset({ personality: options.personality }),
    ...fieldsOf('Codex.threadResume', options, threadResumeFields),
  };
}

/** The parameters of `thread/fork`. @throws as above */
export function threadForkParams(threadId: string, options: ThreadForkOptions, clientAsks: boolean): ThreadForkParams {
  return {
    threadId,
    ...reviewSettings('Codex.threadFork', options, clientAsks),
    ...sharedParams(options),
    ...excludeTurns(options.includeTurns),
    ...withoutUnset({ ephemeral: options.ephemeral, threadSource: options.threadSource }),
    ...fieldsOf('Codex.threadFork', options, threadForkFields),
  };
}

/** The parameters of `thread/list`. */
export function threadListParams(options: ThreadListOptions): ThreadListParams {
  const { signal, timeoutMs, ...filters } = options;
  return withoutUnset(filters);
}

/** What starting, resuming and forking have in common. */
const sharedRules = {
  ...callRules,
  ...approvalRules,
  baseInstructions: orNull(text),
  config: orNull(object),
  cwd: orNull(text),
  developerInstructions: orNull(text),
  mcpServers: mcpServersRule,
  model: orNull(text),
  modelProvider: orNull(text),
  sandbox: orNull(anything),
  serviceTier: orNull(text),
  tools,
};

export const threadStartRules: RulesFor<ThreadStartOptions> = {
  ...sharedRules,
  ...threadStartFields,
  approvalMode: anything,
  ephemeral: orNull(flag),
  personality: orNull(text),
  serviceName: orNull(text),
  sessionStartSource: orNull(text),
  threadSource: orNull(text),
};

export const threadResumeRules: RulesFor<ThreadResumeOptions> = {
  ...sharedRules,
  ...threadResumeFields,
  approvalMode: orNull(anything),
  includeTurns: orNull(flag),
  personality: orNull(text),
};

export const threadForkRules: RulesFor<ThreadForkOptions> = {
  ...sharedRules,
  ...threadForkFields,
  approvalMode: orNull(anything),
  ephemeral: orNull(flag),
  includeTurns: orNull(flag),
  threadSource: orNull(text),
};

export const threadListRules: RulesFor<ThreadListOptions> = {
  ...callRules,
  archived: orNull(flag),
  cursor: orNull(text),
  cwd: orNull(textOrTexts),
  limit: orNull(finite),
  modelProviders: orNull(texts),
  searchTerm: orNull(text),
  sectionId: orNull(text),
  sortDirection: orNull(text),
  sortKey: orNull(text),
  sourceKinds: orNull(texts),
  useStateDbOnly: orNull(flag),
};
