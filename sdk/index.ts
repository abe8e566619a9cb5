// The public menu of `twinproof`. Protocol types are in `twinproof/types`.

// A client, its threads and their turns:

export { Codex } from './client/codex.ts';
export type { CodexConfig } from './client/config.ts';
export type { GoalHandle } from './client/goal-handle.ts';
export type { Thread } from './client/thread.ts';
export type { TurnHandle } from './client/turn-handle.ts';
export type { TurnResult } from './client/turn-result.ts';

// what they may do, and what goes into a turn:

export { ApprovalMode } from './client/approval-mode.ts';
export {
  type ExternalContent,
  ExternalMessage,
  ImageInput,
  type Input,
  type InputItem,
  LocalImageInput,
  MentionInput,
  type RunInput,
  SkillInput,
  TextInput,
} from './client/inputs.ts';
export { Sandbox } from './client/sandbox.ts';

// options:

export type { GoalOptions } from './client/goal-control.ts';
export type {
  ItemListOptions,
  ReviewOptions,
  ThreadMetadata,
  ThreadSettingsOptions,
  TurnListOptions,
} from './client/thread-life.ts';
export type {
  ThreadForkOptions,
  ThreadListOptions,
  ThreadResumeOptions,
  ThreadStartOptions,
} from './client/thread-options.ts';
export type { TurnOptions } from './client/turn-options.ts';
export type { CallOptions } from './rpc/limits.ts';

// logins:

export type { ChatgptLoginHandle, DeviceCodeLoginHandle } from './client/login.ts';

// errors, and what to do about an overloaded engine:

export { StructuredOutputError } from './client/structured-output.ts';
export { AuthError, TurnFailedError } from './client/turn-result.ts';
export {
  AbortError,
  CodexError,
  type CodexErrorDetails,
  type CodexErrorKind,
  TimeoutError,
} from './errors/codex-error.ts';
export { type EngineExit, EngineExitError, LaunchError, TransportClosedError } from './errors/connection-errors.ts';
export { isRetryableError, type RetryOptions, retryOnOverload } from './errors/retry-on-overload.ts';
export {
  CodexRpcError,
  InternalRpcError,
  InvalidParamsError,
  InvalidRequestError,
  JsonRpcError,
  MethodNotFoundError,
  mapJsonRpcError,
  ParseError,
  RetryLimitExceededError,
  ServerBusyError,
} from './errors/rpc-errors.ts';

// what the engine tells and asks:

export type { KnownNotification, Notification, UnknownNotification } from './rpc/notification.ts';
export type {
  KnownServerRequest,
  ServerRequest,
  ServerRequestErrorHandler,
  ServerRequestHandler,
  ServerRequestResult,
  UnknownServerRequest,
} from './rpc/server-requests.ts';

// the protocol below:

export type { InitializeMetadata } from './client/initialize-metadata.ts';
export type { ProtocolName, Rpc } from './client/rpc.ts';
export type { ReviewTarget, Thread as StoredThread, ThreadItemEntry } from './protocol/index.ts';

// ways to an engine:

export type { Line } from './transport/line-codec.ts';
export { type MemoryPeer, memoryTransport } from './transport/memory.ts';
export type { Transport, TransportEvents, TransportFactory } from './transport/transport.ts';
export { version } from './version.ts';
