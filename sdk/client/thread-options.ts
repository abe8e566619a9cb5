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
import type { CallOptions } from '../rpc/limits.ts';
import { ApprovalMode, approvalOverride, approvalSettings } from './approval-mode.ts';
import { type Sandbox, sandboxMode } from './sandbox.ts';
import { withoutUnset } from './unset.ts';

/** What started a thread (Python: `ThreadSource`). The engine's contract calls it any text, and so further values are accepted. */
export type ThreadSource = 'user' | 'subagent' | 'memory_consolidation' | (string & {});

/** What starting, resuming and forking have in common. What is unset is left to the engine. */
interface ThreadOptions extends CallOptions {
  /** Replaces the engine's own instructions to the model. */
  baseInstructions?: string | null | undefined;
  /** Settings of the engine for this thread; sent as they are, nulls included. */
  config?: JsonObject | null | undefined;
  /** Working directory of the thread's commands. Unset: that of the engine. */
  cwd?: string | null | undefined;
  /** Instructions of the program's author, above the user's input. */
  developerInstructions?: string | null | undefined;
  /** Name of the model, as in `Codex.models()`. */
  model?: string | null | undefined;
  /** Name of the provider, as in the engine's settings. */
  modelProvider?: string | null | undefined;
  /** What commands may touch. */
  sandbox?: Sandbox | null | undefined;
  /** Service tier of the thread's turns. */
  serviceTier?: string | null | undefined;
}

/** Options of `Codex.threadStart()`. */
export interface ThreadStartOptions extends ThreadOptions {
  /** Default `ApprovalMode.autoReview`. */
  approvalMode?: ApprovalMode | undefined;
  /** Not stored: it can be neither resumed nor forked nor read with its turns. */
  ephemeral?: boolean | null | undefined;
  /** How the agent talks. */
  personality?: Personality | null | undefined;
  /** Name of the service that the thread is of; the engine keeps it with its metrics. */
  serviceName?: string | null | undefined;
  /** What made the session start, for the engine's hooks. */
  sessionStartSource?: ThreadStartSource | null | undefined;
  /** What the thread is said to come from. It is stored, and grants nothing. */
  threadSource?: ThreadSource | null | undefined;
}

/** Options of `Codex.threadResume()`. An unset approval mode leaves the thread's. */
export interface ThreadResumeOptions extends ThreadOptions {
  /** Who approves what the sandbox does not allow. */
  approvalMode?: ApprovalMode | null | undefined;
  /** Whether the engine's answer carries the history. Unset: as the engine has it. */
  includeTurns?: boolean | null | undefined;
  /** How the agent talks. */
  personality?: Personality | null | undefined;
}

/** Options of `Codex.threadFork()`. An unset approval mode leaves the original thread's. */
export interface ThreadForkOptions extends ThreadOptions {
  /** Who approves what the sandbox does not allow. */
  approvalMode?: ApprovalMode | null | undefined;
  /** Not stored: it can be neither resumed nor forked nor read with its turns. */
  ephemeral?: boolean | null | undefined;
  /** Whether the engine's answer carries the history. Unset: as the engine has it. */
  includeTurns?: boolean | null | undefined;
  /** What the thread is said to come from. It is stored, and grants nothing. */
  threadSource?: ThreadSource | null | undefined;
}

/** Options of `Codex.threadList()`. */
export interface ThreadListOptions extends CallOptions {
  /** True: archived threads alone. False or unset: the others. */
  archived?: boolean | null | undefined;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
  /** Threads of this working directory, or of one of these. */
  cwd?: ThreadListCwdFilter | null | undefined;
  /** Threads in a page. Unset: as the engine has it. */
  limit?: number | null | undefined;
  /** Threads of these providers alone. Empty: of all. */
  modelProviders?: string[] | null | undefined;
  /** Threads whose title has this text. */
  searchTerm?: string | null | undefined;
  /** Threads of this section alone. */
  sectionId?: string | null | undefined;
  /** `asc` or `desc`. Unset: newest first. */
  sortDirection?: SortDirection | null | undefined;
  /** What they are sorted by. Unset: the time of their creation. */
  sortKey?: ThreadSortKey | null | undefined;
  /** Threads of these kinds of source alone. Unset: those that a person talks to. */
  sourceKinds?: ThreadSourceKind[] | null | undefined;
  /** True: only the engine's database is asked, not the files on disk. */
  useStateDbOnly?: boolean | null | undefined;
}

function sharedParams(options: ThreadOptions) {
  return withoutUnset({
    baseInstructions: options.baseInstructions,
    config: options.config,
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

/** The parameters of `thread/start`. @throws RangeError for a sandbox or an approval mode of a wrong kind */
export function threadStartParams(options: ThreadStartOptions): ThreadStartParams {
  const { approvalMode = ApprovalMode.autoReview } = options;
  return {
    ...approvalSettings(approvalMode),
    ...sharedParams(options),
    ...withoutUnset({
      ephemeral: options.ephemeral,
      personality: options.personality,
      serviceName: options.serviceName,
      sessionStartSource: options.sessionStartSource,
      threadSource: options.threadSource,
    }),
  };
}

/** The parameters of `thread/resume`. @throws RangeError as above */
export function threadResumeParams(threadId: string, options: ThreadResumeOptions): ThreadResumeParams {
  return {
    threadId,
    ...approvalOverride(options.approvalMode),
    ...sharedParams(options),
    ...excludeTurns(options.includeTurns),
    ...withoutUnset({ personality: options.personality }),
  };
}

/** The parameters of `thread/fork`. @throws RangeError as above */
export function threadForkParams(threadId: string, options: ThreadForkOptions): ThreadForkParams {
  return {
    threadId,
    ...approvalOverride(options.approvalMode),
    ...sharedParams(options),
    ...excludeTurns(options.includeTurns),
    ...withoutUnset({ ephemeral: options.ephemeral, threadSource: options.threadSource }),
  };
}

/** The parameters of `thread/list`. */
export function threadListParams(options: ThreadListOptions): ThreadListParams {
  const { signal, timeoutMs, ...filters } = options;
  return withoutUnset(filters);
}
