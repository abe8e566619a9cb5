import type { ApprovalsReviewer, AskForApproval } from '../protocol/index.ts';

/**
 * What happens when the agent wants more than its sandbox allows (Python: `ApprovalMode`). Under neither mode is the program asked for an
 * approval. The engine asks it where the reviewer is `user`: after
 * `thread.updateSettings({ approvalsReviewer: 'user' })` on a thread with `autoReview`; see `CodexConfig.onServerRequest`.
 */
export const ApprovalMode = {
  /** Nobody is asked, nothing is granted. */
  denyAll: 'deny_all',
  /** The engine's own reviewer decides. */
  autoReview: 'auto_review',
} as const;
export type ApprovalMode = (typeof ApprovalMode)[keyof typeof ApprovalMode];

/** The wire parameters of an approval mode. An absent reviewer leaves the engine's own choice. */
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
 * @throws RangeError for anything but a mode, null included
 */
export function approvalSettings(mode: ApprovalMode): ApprovalSettings {
  if (typeof mode === 'string' && Object.hasOwn(settings, mode)) return settings[mode];
  throw new RangeError(`approvalMode must be one of: ${Object.values(ApprovalMode).join(', ')}`);
}

/** As `approvalSettings`; an absent mode leaves the thread's as it is. */
export function approvalOverride(mode: ApprovalMode | null | undefined): ApprovalSettings {
  return mode == null ? {} : approvalSettings(mode);
}
