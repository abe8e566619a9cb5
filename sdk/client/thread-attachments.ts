import { finite, flag, orNull, type RulesFor, text } from '../options/check-options.ts';
import type { ThreadAttachmentAddParams } from '../protocol/index.ts';
import { type CallOptions, callRules } from '../rpc/limits.ts';

/** What tells an attachment from others of its thread. */
export interface ThreadAttachmentKey {
  /** Its kind, a word of your own. */
  attachmentType: string;
  /** What is attached, by a text of your own; a thread has each once. */
  identityKey: string;
}

/** An attachment for `Thread.addAttachment()`. */
export interface NewThreadAttachment extends ThreadAttachmentKey {
  /** Anything that JSON holds. The engine stores it, and does not show it to the model. */
  payload: ThreadAttachmentAddParams['payload'];
}

/** Options of `Thread.attachments()`. */
export interface AttachmentListOptions extends CallOptions {
  /** `nextCursor` of an earlier answer. Default: the beginning. */
  cursor?: string | undefined;
  /** Attachments per page. */
  limit?: number | null | undefined;
}

/** Options of `Codex.attachmentOwners()`. */
export interface AttachmentOwnerOptions extends AttachmentListOptions {
  /** Only threads that are archived, or only those that are not. Default: both. */
  archived?: boolean | null | undefined;
}

export const attachmentListRules: RulesFor<AttachmentListOptions> = {
  ...callRules,
  cursor: text,
  limit: orNull(finite),
};
export const attachmentOwnerRules: RulesFor<AttachmentOwnerOptions> = {
  ...attachmentListRules,
  archived: orNull(flag),
};
/** Of the argument that names an attachment. */
export const attachmentKeyRules: RulesFor<ThreadAttachmentKey> = { attachmentType: text, identityKey: text };
