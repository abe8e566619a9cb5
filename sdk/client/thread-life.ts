import type {
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
import type { ReasoningEffort } from './open-values.ts';
import { type Sandbox, sandboxPolicy } from './sandbox.ts';
import { withoutUnset } from './unset.ts';

/** Options of `Thread.turns()`. */
export interface TurnListOptions extends CallOptions {
  /** `nextCursor` or `backwardsCursor` of an earlier answer. Default: the beginning. */
  cursor?: string | null | undefined;
  /** How much of each turn's items comes with it. */
  itemsView?: TurnItemsView | null | undefined;
  /** Turns in a page. */
  limit?: number | null | undefined;
  sortDirection?: SortDirection | null | undefined;
}

/** Options of `Thread.items()`. */
export interface ItemListOptions extends CallOptions {
  /** `nextCursor` or `backwardsCursor` of an earlier answer. Default: the beginning. */
  cursor?: string | undefined;
  /** Items in a page. */
  limit?: number | null | undefined;
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
  approvalMode?: ApprovalMode | null | undefined;
  cwd?: string | null | undefined;
  effort?: ReasoningEffort | null | undefined;
  model?: string | null | undefined;
  personality?: Personality | null | undefined;
  sandbox?: Sandbox | null | undefined;
  serviceTier?: string | null | undefined;
  summary?: ReasoningSummary | null | undefined;
}

/** The parameters of `thread/settings/update`. @throws RangeError for a sandbox or an approval mode of a wrong kind */
export function threadSettingsParams(threadId: string, options: ThreadSettingsOptions): ThreadSettingsUpdateParams {
  const { cwd, effort, model, personality, sandbox, serviceTier, summary } = options;
  return {
    ...approvalOverride(options.approvalMode),
    ...withoutUnset({ cwd, effort, model, personality, sandboxPolicy: sandboxPolicy(sandbox), serviceTier, summary }),
    threadId,
  };
}
