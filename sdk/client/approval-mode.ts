import { assertOneReviewer } from '../approvals/options.ts';
import type { ApprovalsReviewer, AskForApproval } from '../protocol/index.ts';

/**
 * What happens when the agent wants more than its sandbox allows (Python: `ApprovalMode`). In neither mode does the
 * engine ask your program. To be asked, give `approvals` instead.
 */
export const ApprovalMode = {
  /** Nobody is asked and nothing is allowed. */
  denyAll: 'deny_all',
  /** The engine's own reviewer decides. */
  autoReview: 'auto_review',
} as const;
export type ApprovalMode = (typeof ApprovalMode)[keyof typeof ApprovalMode];

/** The wire parameters of an approval mode. Without a reviewer, the engine keeps its own choice. */
export interface ApprovalSettings {
  approvalPolicy?: AskForApproval;
  approvalsReviewer?: ApprovalsReviewer;
}

const settings: Record<ApprovalMode, ApprovalSettings> = {
  deny_all: { approvalPolicy: 'never' },
  auto_review: { approvalPolicy: 'on-request', approvalsReviewer: 'auto_review' },
};

/**
 * The wire parameters of a mode.
 * @throws RangeError for anything but a mode, including null
 */
export function approvalSettings(mode: ApprovalMode): ApprovalSettings {
  if (typeof mode === 'string' && Object.hasOwn(settings, mode)) return settings[mode];
  throw new RangeError(`approvalMode must be one of: ${Object.values(ApprovalMode).join(', ')}`);
}

/** What says who approves. */
interface Reviewing {
  approvals?: unknown;
  approvalMode?: ApprovalMode | null | undefined;
}

/**
 * The wire parameters of whoever approves: with `approvals` the user, otherwise the mode. The thread's policy, which says what is asked about, stays.
 * @param clientAsks whether the client has `approvals` of its own, which a mode overrides
 * @throws TypeError for both; RangeError for anything but a mode
 */
export function reviewSettings(call: string, options: Reviewing, clientAsks = false): ApprovalSettings {
  assertOneReviewer(call, options);
  const asks = options.approvals !== undefined || (options.approvalMode == null && clientAsks);
  return asks ? { approvalsReviewer: 'user' } : approvalOverride(options.approvalMode);
}

/** Like `approvalSettings`, but no mode leaves the thread's mode unchanged. */
export function approvalOverride(mode: ApprovalMode | null | undefined): ApprovalSettings {
  return mode == null ? {} : approvalSettings(mode);
}
