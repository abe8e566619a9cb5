// The SDK's menu: what a program takes from `twinproof`. Protocol types are in `twinproof/types`.

export { ApprovalMode } from './client/approval-mode.ts';
export { Codex } from './client/codex.ts';
export type { CodexConfig } from './client/config.ts';
export type { InitializeMetadata } from './client/initialize-metadata.ts';
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
export type { ChatgptLoginHandle, DeviceCodeLoginHandle } from './client/login.ts';
export { Sandbox } from './client/sandbox.ts';
export type { Thread } from './client/thread.ts';
export type {
  ThreadForkOptions,
  ThreadListOptions,
  ThreadResumeOptions,
  ThreadStartOptions,
} from './client/thread-options.ts';
export type { TurnHandle } from './client/turn-handle.ts';
export type { TurnOptions } from './client/turn-options.ts';
export type { TurnResult } from './client/turn-result.ts';
export * from './errors/index.ts';
export type { CallOptions } from './rpc/connection.ts';
export type { KnownNotification, Notification, UnknownNotification } from './rpc/notification.ts';
export type {
  KnownServerRequest,
  ServerRequest,
  ServerRequestErrorHandler,
  ServerRequestHandler,
  ServerRequestResult,
  UnknownServerRequest,
} from './rpc/server-requests.ts';
export {
  type MemoryPeer,
  memoryTransport,
  type Transport,
  type TransportEvents,
  type TransportFactory,
} from './transport/index.ts';
export { version } from './version.ts';
