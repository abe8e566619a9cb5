// The menu of `twinproof/types`: the names of Python's `openai_codex.types`. Every other protocol type is in `twinproof/protocol`.

export type { InitializeMetadata as InitializeResponse } from './client/initialize-metadata.ts';
export type { ThreadSource } from './client/thread-options.ts';
export type { ReasoningEffort } from './client/turn-options.ts';
export type {
  Account,
  AccountLoginCompletedNotification,
  ApprovalsReviewer,
  AskForApproval,
  CancelLoginAccountResponse,
  CancelLoginAccountStatus,
  GetAccountResponse,
  JsonObject,
  ModelListResponse,
  Personality,
  PlanType,
  ReasoningSummary,
  SandboxMode,
  SandboxPolicy,
  SortDirection,
  ThreadArchiveResponse,
  ThreadCompactStartResponse,
  ThreadItem,
  ThreadListCwdFilter,
  ThreadListResponse,
  ThreadReadResponse,
  ThreadSetNameResponse,
  ThreadSortKey,
  ThreadSourceKind,
  ThreadStartSource,
  ThreadTokenUsage,
  ThreadTokenUsageUpdatedNotification,
  Turn,
  TurnCompletedNotification,
  TurnError,
  TurnInterruptResponse,
  TurnStatus,
  TurnSteerResponse,
} from './protocol/index.ts';
export type { Notification } from './rpc/notification.ts';
