import { type Channel, channel } from 'node:diagnostics_channel';
import type { ThreadItem, ThreadTokenUsage, TokenUsageBreakdown, TurnError } from '../protocol/index.ts';

/** What every message has. */
interface OfConnection {
  /** Which connection of this program it is about, from 1. */
  connection: number;
}
interface OfThread extends OfConnection {
  threadId: string;
}
interface OfTurn extends OfThread {
  turnId: string;
}
interface OfRequest extends OfConnection {
  /** Of the request, on this connection. */
  requestId: string;
  method: string;
  /** Null if its parameters name none. */
  threadId: string | null;
}
interface OfItem extends OfTurn {
  itemId: string;
  /** Its type: `agentMessage`, `commandExecution`, … */
  type: string;
  /** The item itself. Only with `telemetry: { content: true }`. */
  item?: ThreadItem;
}
interface OfTool extends OfItem {
  /** What was called: `shell`, `apply_patch`, the tool's own name, or `server/tool` of an MCP server. */
  tool: string;
}
interface OfApproval extends OfConnection {
  threadId: string;
  turnId: string | null;
  itemId: string | null;
  kind: 'command' | 'fileChange' | 'permissions' | 'mcpTool';
}
interface OfQuestion extends OfConnection {
  requestId: string;
  method: string;
  threadId: string | null;
  turnId: string | null;
}

/** The messages of the channels `twinproof.NAME`. */
export interface LifeCycleMessages {
  'client.starting': OfConnection & { clientName: string };
  'client.started': OfConnection & { clientName: string; engineVersion: string | null; durationMs: number };
  'client.failed': OfConnection & { error: Error; durationMs: number };
  'client.closed': OfConnection;
  'engine.exited': OfConnection & { error: Error };
  'request.started': OfRequest & {
    /** What it sends. Only with `telemetry: { content: true }`. */
    params?: unknown;
  };
  'request.completed': OfRequest & { durationMs: number };
  'request.failed': OfRequest & { durationMs: number; error: Error };
  'thread.started': OfThread & { method: string; model: string | null; modelProvider: string | null };
  'thread.closed': OfThread;
  'turn.started': OfTurn;
  'turn.completed': OfTurn & { status: string; durationMs: number | null; usage: TokenUsageBreakdown | null };
  'turn.failed': OfTurn & {
    status: string;
    durationMs: number | null;
    usage: TokenUsageBreakdown | null;
    error: TurnError | null;
  };
  'tokens.used': OfTurn & { usage: ThreadTokenUsage; turnUsage: TokenUsageBreakdown | null };
  'item.started': OfItem;
  'item.completed': OfItem & { durationMs: number | null };
  'tool.started': OfTool;
  'tool.completed': OfTool & { status: string | null; durationMs: number | null };
  'approval.requested': OfApproval;
  'approval.answered': OfApproval & { decision: unknown; decidedBy: string; durationMs: number; error?: unknown };
  'question.received': OfQuestion;
  'question.answered': OfQuestion;
  'reader.lagging': { what: string; position: number };
  'notifications.dropped': { dropped: number };
}

/** The name of a channel, without `twinproof.`. */
export type LifeCycleName = keyof LifeCycleMessages;

/** Every channel and when it has a message: the one list, from which `docs/telemetry.md` is checked. */
export const lifeCycleChannels: Readonly<Record<LifeCycleName, string>> = {
  'client.starting': 'A client makes a connection.',
  'client.started': 'The engine has introduced itself.',
  'client.failed': 'The connection could not be made.',
  'client.closed': 'The program has closed the client.',
  'engine.exited':
    'The connection has ended by itself: the engine exited, crashed, or wrote a line that is not a message.',
  'request.started': 'A request was sent to the engine.',
  'request.completed': 'It was answered.',
  'request.failed': 'It was refused, timed out or aborted, or the connection went.',
  'thread.started': 'A thread was started, resumed, forked or restored by this client.',
  'thread.closed': 'The engine has unloaded a thread.',
  'turn.started': 'A turn has begun, whoever started it.',
  'turn.completed': 'A turn has completed or was interrupted; `usage` is what it has used.',
  'turn.failed': 'A turn has failed.',
  'tokens.used':
    'The model has answered a request: its tokens, those of the turn and of the thread, and the size of the context.',
  'item.started': 'An item has begun: a message, a command, a change of files, …',
  'item.completed': 'An item has ended.',
  'tool.started': 'The agent uses a tool: a command, a patch, a function of yours, a tool of an MCP server.',
  'tool.completed': 'The tool has ended.',
  'approval.requested': 'The engine asks whether the agent may do something.',
  'approval.answered': 'It was decided, or the answer is not needed any more (`decision` null).',
  'question.received': 'The engine asks something, approvals included.',
  'question.answered': 'It has its answer.',
  'reader.lagging': 'A reader has lost its place, because it reads too slowly.',
  'notifications.dropped': 'Notifications that nobody reads are let go; told once for each connection.',
};

/** Somebody who is told everything of one connection: spans, metrics, logs. */
export interface LifeCycleSink {
  take<N extends LifeCycleName>(name: N, message: LifeCycleMessages[N]): unknown;
  /** What a request carries, so that the engine's spans join; called after `request.started`. */
  trace?(requestId: string): { traceparent: string; tracestate?: string } | undefined;
  /** A turn's answer names it; called after `request.completed`. */
  named?(requestId: string, turnId: string): void;
}

const channels = new Map<string, Channel>(
  Object.keys(lifeCycleChannels).map((name) => [name, channel(`twinproof.${name}`)]),
);

/** Whether anybody listens to a channel. */
export const isHeard = (name: LifeCycleName): boolean => channels.get(name)?.hasSubscribers === true;

/** For what belongs to no connection. Node reports what a subscriber throws as an uncaught exception, after this call. */
export function publish<N extends LifeCycleName>(name: N, message: LifeCycleMessages[N]): void {
  const to = channels.get(name);
  if (to?.hasSubscribers) to.publish(message);
}
