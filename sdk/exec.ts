// The menu of `twinproof/exec`: a drop-in for `@openai/codex-sdk`, with what the Python exec client has beyond it.
// See docs/exec.md.

// A client, its threads and their turns:

export { Codex } from './exec/codex.ts';
export type { Input, LocalImageInput, TextInput, UserInput } from './exec/input.ts';
export { Thread } from './exec/thread.ts';
export type { RunResult, RunStreamedResult, StreamedTurn, Turn } from './exec/turn.ts';

// options:

export type {
  ApprovalMode,
  CodexConfigObject,
  CodexConfigValue,
  CodexOptions,
  CyberAccessProgram,
  ModelReasoningEffort,
  SandboxMode,
  ThreadOptions,
  TurnOptions,
  WebSearchMode,
} from './exec/options.ts';
export type { AnySchema, OutputOf, OutputOptions } from './output/output-options.ts';
export type { JsonSchema, Schema, SchemaOutput, StandardSchema } from './schema/standard-schema.ts';
export { withJsonSchema } from './schema/with-json-schema.ts';

// what happens in a turn:

export type {
  ItemCompletedEvent,
  ItemStartedEvent,
  ItemUpdatedEvent,
  ThreadError,
  ThreadErrorEvent,
  ThreadEvent,
  ThreadStartedEvent,
  TurnCompletedEvent,
  TurnFailedEvent,
  TurnStartedEvent,
  UnknownThreadEvent,
  Usage,
} from './exec/events.ts';
export type {
  AgentMessageItem,
  CommandExecutionItem,
  CommandExecutionStatus,
  ErrorItem,
  FileChangeItem,
  FileUpdateChange,
  McpContentBlock,
  McpToolCallItem,
  McpToolCallStatus,
  PatchApplyStatus,
  PatchChangeKind,
  ReasoningItem,
  ThreadItem,
  TodoItem,
  TodoListItem,
  UnknownThreadItem,
  WebSearchItem,
} from './exec/items.ts';

// an engine, and a login for it:

export { install } from './exec/install/install.ts';
export type { CodexInstallResult, InstallOptions } from './exec/install/install-options.ts';
export { type AuthJsonOptions, loginWithAuthJson } from './exec/login-with-auth-json.ts';
export {
  type DeviceCodeEngine,
  type DeviceCodeOptions,
  loginWithDeviceCode,
} from './exec/login-with-device-code.ts';

// errors:

export { AbortError, CodexError, type CodexErrorKind } from './errors/codex-error.ts';
export { EngineExitError, LaunchError } from './errors/connection-errors.ts';
export {
  CodexAuthError,
  CodexExecError,
  CodexInstallError,
  EventParseError,
  StructuredOutputError,
  ThreadRunError,
} from './exec/exec-errors.ts';
export type { FailedOutput, OutputError, OutputFailure } from './output/output-error.ts';
export type { SchemaIssue } from './schema/prepare-schema.ts';
