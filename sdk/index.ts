// The public menu of `twinproof`. Protocol types are in `twinproof/types`.

// A client, its threads and their turns:

export { Codex } from './client/codex.ts';
export type { CodexConfig } from './client/config.ts';
export type { GoalHandle } from './client/goal-handle.ts';
export type { Thread } from './client/thread.ts';
export type { InterruptOptions, TurnHandle } from './client/turn-handle.ts';
export type { TurnResult } from './client/turn-result.ts';
export type { TurnState } from './rpc/turn-state.ts';

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

// files for the agent, and what is stored with a thread:

export type { Files, StagedFile, StagedFileFacts } from './client/files.ts';
export type {
  AttachmentListOptions,
  AttachmentOwnerOptions,
  NewThreadAttachment,
  ThreadAttachmentKey,
} from './client/thread-attachments.ts';
export type { FileSource } from './files/source.ts';
export type { Keep, StageOptions } from './files/staging.ts';
export { StagingError, type StagingFailure } from './files/staging-error.ts';

// who decides on what the agent may do, and who answers its questions:

export type {
  ApprovalDecision,
  ApprovalDecisions,
  CommandDecision,
  FileChangeDecision,
  McpToolDecision,
  PermissionsDecision,
} from './approvals/decisions.ts';
export type { Handler, HandlerContext, TimedHandler } from './approvals/handlers.ts';
export type {
  Approval,
  ApprovalDenial,
  ApprovalHandler,
  ApprovalHandlers,
  ApprovalOptions,
  ApprovalRecord,
  ClientRequestOptions,
  OnDenial,
} from './approvals/options.ts';
export type { ElicitationAnswer, PermissionsAnswer, UserInputAnswer } from './approvals/other-requests.ts';
export { allowCommands, readOnly } from './approvals/policies.ts';
export type {
  ApprovalKind,
  ApprovalRequest,
  ApprovalRequestOf,
  CommandApproval,
  FileChangeApproval,
  McpToolApproval,
  PermissionsApproval,
} from './approvals/requests.ts';

// functions that the agent can call:

export type {
  JsonSchema,
  Schema,
  SchemaOutput,
  StandardConverter,
  StandardIssue,
  StandardResult,
  StandardSchema,
} from './schema/standard-schema.ts';
export { withJsonSchema } from './schema/with-json-schema.ts';
export type { ToolServer, ToolServerOptions } from './tools/serve-tools.ts';
export type { ThreadToolsReport } from './tools/thread-tools.ts';
export {
  type Tool,
  type ToolArguments,
  type ToolContent,
  type ToolContentItem,
  type ToolContext,
  type ToolOptions,
  type ToolResult,
  tool,
} from './tools/tool.ts';
export { toolServer } from './tools/tool-server.ts';

// runs of many turns:

export { commandSucceeds } from './client/auto-run/command-succeeds.ts';
export {
  AutoRunAbortError,
  type AutoRunContext,
  AutoRunError,
  type AutoRunOptions,
  type AutoRunResult,
  type AutoRunState,
  type AutoRunStop,
  type AutoRunVerdict,
  type Until,
} from './client/auto-run/options.ts';
export type { CommandSucceedsOptions } from './client/auto-run/run-command.ts';

// functions that the engine asks at its events:

export type {
  Hook,
  HookAnswers,
  HookBlock,
  HookContext,
  HookEvent,
  HookInput,
  HookOptions,
  HookRequest,
  HookRequests,
  Hooks,
  PostToolUseRequest,
  PreToolUseRequest,
  SessionStartRequest,
  StopRequest,
  UserPromptSubmitRequest,
} from './hooks/options.ts';

// MCP servers, which bring tools from elsewhere:

export type {
  Mcp,
  McpCallOptions,
  McpLoginHandle,
  McpLoginOptions,
  McpResourceOptions,
  McpStatusOptions,
} from './client/mcp.ts';
export type { HttpMcpServer, McpServer, McpServers, StdioMcpServer } from './client/mcp-servers.ts';
export type {
  McpCrashed,
  McpEvent,
  McpFailed,
  McpGivenUp,
  McpLoginCompleted,
  McpProgress,
  McpRestarting,
  McpStartup,
} from './mcp/events.ts';
export type { McpRestart, McpRestartPolicy } from './mcp/restart.ts';

// options:

export type { CompactOptions } from './client/compaction.ts';
export type { EventsOptions } from './client/event-tap.ts';
export type { GoalOptions } from './client/goal-control.ts';
export type { ReadableStreamOptions } from './client/stream-options.ts';
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
export type { StopOptions } from './client/turn-stops.ts';
export type { AnySchema, OutputOf, OutputOptions } from './output/output-options.ts';
export type { CallOptions } from './rpc/limits.ts';

// logins:

export type { ChatgptLoginHandle, DeviceCodeLoginHandle } from './client/login.ts';

// errors, and what to do about an overloaded engine:

export { StructuredOutputError } from './client/structured-output.ts';
export { ApprovalDeniedError, AuthError, TurnFailedError } from './client/turn-result.ts';
export {
  AbortError,
  CodexError,
  type CodexErrorDetails,
  type CodexErrorKind,
  TimeoutError,
} from './errors/codex-error.ts';
export {
  ConnectionLostError,
  type EngineExit,
  EngineExitError,
  EngineNotReadingError,
  LaunchError,
  type RequestEffect,
  TransportClosedError,
} from './errors/connection-errors.ts';
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
  WriterConflictError,
} from './errors/rpc-errors.ts';
export type { FailedOutput, OutputError, OutputFailure } from './output/output-error.ts';
export type { SchemaIssue } from './schema/prepare-schema.ts';

// what the engine tells and asks:

export type { EngineEvent } from './rpc/event-tape.ts';
export type { KnownNotification, Notification, UnknownNotification } from './rpc/notification.ts';
export type {
  KnownServerRequest,
  ServerRequest,
  ServerRequestErrorHandler,
  ServerRequestHandler,
  ServerRequestResult,
  UnknownServerRequest,
} from './rpc/server-requests.ts';

// telemetry:

export {
  type LifeCycleMessages,
  type LifeCycleName,
  lifeCycleChannels,
} from './telemetry/life-cycle.ts';
export type { Logger, MeterProviderLike, TelemetryOptions, TracerProviderLike } from './telemetry/options.ts';

// the protocol below:

export type { InitializeMetadata } from './client/initialize-metadata.ts';
export type { ProtocolName, Rpc } from './client/rpc.ts';
export type { ReviewTarget, Thread as StoredThread, ThreadItemEntry } from './protocol/index.ts';

// ways to an engine:

export { unixSocket, webSocket } from './attach/attach.ts';
export type { AttachOptions } from './attach/attach-options.ts';
export { ConnectError, UnauthorizedError } from './attach/connect-errors.ts';
export type { ReconnectPolicy, ReconnectReport, ReopenedThread } from './attach/reconnect.ts';
export type { Token } from './attach/token.ts';
export type { Line } from './transport/line-codec.ts';
export { type MemoryPeer, memoryTransport } from './transport/memory.ts';
export type { Transport, TransportEvents, TransportFactory } from './transport/transport.ts';
export { version } from './version.ts';
