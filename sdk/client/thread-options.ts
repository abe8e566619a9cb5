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
import type { ThreadSource } from './open-values.ts';
import { type Sandbox, sandboxMode } from './sandbox.ts';
import { withoutUnset } from './unset.ts';

/** What starting, resuming and forking have in common. What is unset is left to the engine. */
interface ThreadOptions extends CallOptions {
  baseInstructions?: string | null | undefined;
  /** Settings of the engine for this thread; sent as they are, nulls included. */
  config?: JsonObject | null | undefined;
  cwd?: string | null | undefined;
  developerInstructions?: string | null | undefined;
  model?: string | null | undefined;
  modelProvider?: string | null | undefined;
  sandbox?: Sandbox | null | undefined;
  serviceTier?: string | null | undefined;
}

/** Options of `Codex.threadStart()`. */
export interface ThreadStartOptions extends ThreadOptions {
  /** Default `ApprovalMode.autoReview`. */
  approvalMode?: ApprovalMode | undefined;
  /** Not stored: it can be neither resumed nor forked nor read with its turns. */
  ephemeral?: boolean | null | undefined;
  personality?: Personality | null | undefined;
  serviceName?: string | null | undefined;
  sessionStartSource?: ThreadStartSource | null | undefined;
  threadSource?: ThreadSource | null | undefined;
}

/** Options of `Codex.threadResume()`. An unset approval mode leaves the thread's. */
export interface ThreadResumeOptions extends ThreadOptions {
  approvalMode?: ApprovalMode | null | undefined;
  /** Whether the engine's answer carries the history. Unset: as the engine has it. */
  includeTurns?: boolean | null | undefined;
  personality?: Personality | null | undefined;
}

/** Options of `Codex.threadFork()`. An unset approval mode leaves the original thread's. */
export interface ThreadForkOptions extends ThreadOptions {
  approvalMode?: ApprovalMode | null | undefined;
  ephemeral?: boolean | null | undefined;
  /** Whether the engine's answer carries the history. Unset: as the engine has it. */
  includeTurns?: boolean | null | undefined;
  threadSource?: ThreadSource | null | undefined;
}

/** Options of `Codex.threadList()`. */
export interface ThreadListOptions extends CallOptions {
  archived?: boolean | null | undefined;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
  cwd?: ThreadListCwdFilter | null | undefined;
  limit?: number | null | undefined;
  modelProviders?: string[] | null | undefined;
  searchTerm?: string | null | undefined;
  sectionId?: string | null | undefined;
  sortDirection?: SortDirection | null | undefined;
  sortKey?: ThreadSortKey | null | undefined;
  sourceKinds?: ThreadSourceKind[] | null | undefined;
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
