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
import type { CallOptions } from '../rpc/limits.ts';
import { type ApprovalMode, approvalOverride } from './approval-mode.ts';
import { type Sandbox, sandboxPolicy } from './sandbox.ts';
import type { ReasoningEffort } from './turn-options.ts';
import { withoutUnset } from './unset.ts';

/** Options of `Thread.turns()`. */
export interface TurnListOptions extends CallOptions {
  /** `nextCursor` or `backwardsCursor` of an earlier answer. Default: the beginning. */
  cursor?: string | null | undefined;
  /** How much of each turn's items comes with it. */
  itemsView?: TurnItemsView | null | undefined;
  /** Turns in a page. */
  limit?: number | null | undefined;
  /** `asc` or `desc`. Unset: as the engine has it. */
  sortDirection?: SortDirection | null | undefined;
}

/** Options of `Thread.items()`. */
export interface ItemListOptions extends CallOptions {
  /** `nextCursor` or `backwardsCursor` of an earlier answer. Default: the beginning. */
  cursor?: string | undefined;
  /** Items in a page. */
  limit?: number | null | undefined;
  /** `asc` or `desc`. Unset: as the engine has it. */
  sortDirection?: SortDirection | null | undefined;
  /** The items of this turn alone. */
  turnId?: string | null | undefined;
}

/** Options of `Thread.review()`. */
export interface ReviewOptions extends CallOptions {
  /** Where the review runs: on this thread (`inline`) or on one of its own. */
  delivery?: ReviewDelivery | null | undefined;
}

/** What is stored about a thread beside its history: see `Thread.updateMetadata()`. */
export type ThreadMetadata = Omit<ThreadMetadataUpdateParams, 'threadId'>;

/** Options of `Thread.updateSettings()`; what is unset is left as the thread has it. */
export interface ThreadSettingsOptions extends CallOptions {
  /** What happens where the agent wants more than its sandbox allows. */
  approvalMode?: ApprovalMode | null | undefined;
  /** Who is asked then, whatever `approvalMode` says: with `user` it is the program, by `CodexConfig.onServerRequest`. */
  approvalsReviewer?: ApprovalsReviewer | null | undefined;
  /** Working directory of the thread's commands. */
  cwd?: string | null | undefined;
  /** How much the model thinks. */
  effort?: ReasoningEffort | null | undefined;
  /** Name of the model, as in `Codex.models()`. */
  model?: string | null | undefined;
  /** How the agent talks. */
  personality?: Personality | null | undefined;
  /** What commands may touch. */
  sandbox?: Sandbox | null | undefined;
  /** Service tier of the thread's turns. */
  serviceTier?: string | null | undefined;
  /** How much of its reasoning the model sums up. */
  summary?: ReasoningSummary | null | undefined;
}

/** The parameters of `thread/settings/update`. @throws RangeError for a sandbox or an approval mode of a wrong kind */
export function threadSettingsParams(threadId: string, options: ThreadSettingsOptions): ThreadSettingsUpdateParams {
  const { approvalsReviewer, cwd, effort, model, personality, sandbox, serviceTier, summary } = options;
  return {
    ...approvalOverride(options.approvalMode),
    ...withoutUnset({ approvalsReviewer, cwd, effort, model, personality }),
    ...withoutUnset({ sandboxPolicy: sandboxPolicy(sandbox), serviceTier, summary }),
    threadId,
  };
}
