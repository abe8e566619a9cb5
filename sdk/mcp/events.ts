import type { JsonObject } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';

interface OfServer {
  /** The server, by its name in `mcpServers` or in the engine's settings. */
  server: string;
  /** The thread that it serves. Null if the engine names none. */
  threadId: string | null;
}

/** A server is being started, is ready, or was not started because its thread ended. */
export interface McpStartup extends OfServer {
  type: 'starting' | 'ready' | 'cancelled';
}

/** A server could not be started. */
export interface McpFailed extends OfServer {
  type: 'failed';
  /** What the engine says, without secrets. */
  error: string;
  /** Whether the user has to log in again: see `Mcp.login()`. */
  reauthenticate: boolean;
}

/** A server with `restart` in its options has ended by itself. Calls of its tools fail. */
export interface McpCrashed extends OfServer {
  type: 'crashed';
}

/** A crashed server is about to be started again; `ready` or `failed` follows. */
export interface McpRestarting extends OfServer {
  type: 'restarting';
  /** 1 for the first start in a row. */
  attempt: number;
  /** How long it waits first, in milliseconds. */
  delayMs: number;
}

/** A crashed server stays down: it was started `attempts` times in a row. */
export interface McpGivenUp extends OfServer {
  type: 'givenUp';
  attempts: number;
}

/** A login has ended. */
export interface McpLoginCompleted extends OfServer {
  type: 'login';
  success: boolean;
  /** Why it failed, without secrets. Null if it did not. */
  error: string | null;
}

/** A running call of a tool says how far it is. */
export interface McpProgress {
  type: 'progress';
  threadId: string;
  turnId: string;
  itemId: string;
  /** The tool's own words. */
  message: string;
}

/** Something that happened to an MCP server, or to a call of its tool; `type` narrows it. See `Mcp.events()`. */
export type McpEvent =
  | McpStartup
  | McpFailed
  | McpCrashed
  | McpRestarting
  | McpGivenUp
  | McpLoginCompleted
  | McpProgress;

const startup = ['starting', 'ready', 'cancelled'] as const;

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** What a notification says of MCP servers; undefined for others, and for states that this version does not know. */
export function mcpEvent(method: string, payload: JsonObject, clean: (text: string) => string): McpEvent | undefined {
  const { name, threadId, error } = payload;
  if (method === 'item/mcpToolCall/progress') {
    const { turnId, itemId, message } = payload;
    const texts = { threadId, turnId, itemId, message } as Omit<McpProgress, 'type'>;
    return Object.values(texts).every((one) => typeof one === 'string') ? { type: 'progress', ...texts } : undefined;
  }
  if (typeof name !== 'string') return undefined;
  const of = { server: name, threadId: textOrNull(threadId) };
  if (method === 'mcpServer/oauthLogin/completed') {
    const text = textOrNull(error);
    return { type: 'login', ...of, success: payload.success === true, error: text === null ? null : clean(text) };
  }
  if (method !== 'mcpServer/startupStatus/updated') return undefined;
  if (payload.status === 'failed') {
    const text = typeof error === 'string' ? error : 'The engine does not say why.';
    const reauthenticate = payload.failureReason === 'reauthenticationRequired';
    return { type: 'failed', ...of, error: clean(text), reauthenticate };
  }
  const type = startup.find((one) => one === payload.status);
  return type && { type, ...of };
}

/** The server of a tool call that has ended, and whether it failed; undefined for other items. */
export function endedCall(method: string, payload: JsonObject): { server: string; failed: boolean } | undefined {
  const { item } = payload;
  if (method !== 'item/completed' || !isObject(item) || item.type !== 'mcpToolCall') return undefined;
  return typeof item.server === 'string' ? { server: item.server, failed: item.status === 'failed' } : undefined;
}
