import { anything, finite, flag, object, orNull, type RulesFor, text } from '../options/check-options.ts';
import type {
  ApprovalsReviewer,
  Personality,
  ReasoningSummary,
  ReviewDelivery,
  SortDirection,
  ThreadMetadataUpdateParams,
  ThreadSettingsUpdateParams,
  TurnItemsView,
} from '../protocol/index.ts';
import { type CallOptions, callRules } from '../rpc/limits.ts';
import { type ApprovalMode, approvalOverride } from './approval-mode.ts';
import { type Sandbox, sandboxPolicy } from './sandbox.ts';
import type { ReasoningEffort } from './turn-options.ts';
import { type StopOptions, stopRules } from './turn-stops.ts';
import { withoutUnset } from './unset.ts';

/** Options of `Thread.turns()`. */
export interface TurnListOptions extends CallOptions {
  /** `nextCursor` or `backwardsCursor` of an earlier answer. Default: the beginning. */
  cursor?: string | null | undefined;
  /** How much of each turn's items is included. */
  itemsView?: TurnItemsView | null | undefined;
  /** Turns per page. */
  limit?: number | null | undefined;
  /** `asc` or `desc`. Default: the engine's. */
  sortDirection?: SortDirection | null | undefined;
}

/** Options of `Thread.items()`. */
export interface ItemListOptions extends CallOptions {
  /** `nextCursor` or `backwardsCursor` of an earlier answer. Default: the beginning. */
  cursor?: string | undefined;
  /** Items per page. */
  limit?: number | null | undefined;
  /** `asc` or `desc`. Default: the engine's. */
  sortDirection?: SortDirection | null | undefined;
  /** Only items of this turn. */
  turnId?: string | null | undefined;
}

/** Options of `Thread.review()`. */
export interface ReviewOptions extends StopOptions {
  /** Where the review runs: on this thread (`inline`) or on its own (`detached`, which engines after 0.163.0 refuse). */
  delivery?: ReviewDelivery | null | undefined;
}

/** What is stored about a thread besides its history; see `Thread.updateMetadata()`. */
export type ThreadMetadata = Omit<ThreadMetadataUpdateParams, 'threadId'>;

/** Options of `Thread.updateSettings()`. Settings that you leave out stay unchanged. */
export interface ThreadSettingsOptions extends CallOptions {
  /** What happens when the agent wants more than its sandbox allows. */
  approvalMode?: ApprovalMode | null | undefined;
  /**
   * Who is asked in that case, whatever `approvalMode` says. With `user` it is your program, through
   * `CodexConfig.onServerRequest`.
   */
  approvalsReviewer?: ApprovalsReviewer | null | undefined;
  /** Working directory of the thread's commands. */
  cwd?: string | null | undefined;
  /** How hard the model thinks. */
  effort?: ReasoningEffort | null | undefined;
  /** Name of the model, as in `Codex.models()`. */
  model?: string | null | undefined;
  /** The agent's tone. */
  personality?: Personality | null | undefined;
  /** What commands may access. */
  sandbox?: Sandbox | null | undefined;
  /** Service tier of the thread's turns. */
  serviceTier?: string | null | undefined;
  /** How detailed the summary of the model's reasoning is. */
  summary?: ReasoningSummary | null | undefined;
}

/** The parameters of `thread/settings/update`. @throws RangeError for an invalid sandbox or approval mode */
export function threadSettingsParams(threadId: string, options: ThreadSettingsOptions): ThreadSettingsUpdateParams {
  const { approvalsReviewer, cwd, effort, model, personality, sandbox, serviceTier, summary } = options;
  return {
    ...approvalOverride(options.approvalMode),
    ...withoutUnset({ approvalsReviewer, cwd, effort, model, personality }),
    ...withoutUnset({ sandboxPolicy: sandboxPolicy(sandbox), serviceTier, summary }),
    threadId,
  };
}

export const metadataRules: RulesFor<ThreadMetadata> = {
  daybreakEnabled: orNull(flag),
  gitInfo: orNull(object),
  projectId: orNull(text),
};

export const reviewRules: RulesFor<ReviewOptions> = { ...stopRules, delivery: orNull(text) };

export const turnListRules: RulesFor<TurnListOptions> = {
  ...callRules,
  cursor: orNull(text),
  itemsView: orNull(text),
  limit: orNull(finite),
  sortDirection: orNull(text),
};

export const itemListRules: RulesFor<ItemListOptions> = {
  ...callRules,
  cursor: text,
  limit: orNull(finite),
  sortDirection: orNull(text),
  turnId: orNull(text),
};

export const settingsRules: RulesFor<ThreadSettingsOptions> = {
  ...callRules,
  approvalMode: orNull(anything),
  approvalsReviewer: orNull(text),
  cwd: orNull(text),
  effort: orNull(text),
  model: orNull(text),
  personality: orNull(text),
  sandbox: orNull(anything),
  serviceTier: orNull(text),
  summary: orNull(text),
};
