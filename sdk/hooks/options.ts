import { expectedGot } from '../../native/expected-got.mjs';
import type { Handler } from '../approvals/handlers.ts';
import type { Rule } from '../options/check-options.ts';
import { isObject } from '../rpc/is-object.ts';

/** What every hook is told. */
export interface HookRequest {
  threadId: string;
  /** The folder that the thread works in. */
  cwd: string;
  model: string;
  /** Where the engine stores the thread. Null if it does not. */
  transcriptPath: string | null;
  /** Everything that the engine says, in its own words. */
  raw: Readonly<Record<string, unknown>>;
}

/** The agent is about to use a tool. */
export interface PreToolUseRequest extends HookRequest {
  turnId: string;
  /** `Bash` for commands, `apply_patch` for changes of files, `mcp__SERVER__TOOL`, or the name of a tool of yours. */
  toolName: string;
  /** What the tool is given; of a command, `{ command }`. */
  toolInput: unknown;
  toolUseId: string;
}

/** The agent has used a tool. */
export interface PostToolUseRequest extends PreToolUseRequest {
  /** What the tool gave back. */
  toolResponse: unknown;
}

/** A thread begins its first turn in this engine. */
export interface SessionStartRequest extends HookRequest {
  /** `startup`, `resume`, `clear` or `compact`, or another word of a later engine. */
  source: string;
}

/** A turn begins with what the user said. */
export interface UserPromptSubmitRequest extends HookRequest {
  turnId: string;
  prompt: string;
}

/** The agent is about to end its turn. */
export interface StopRequest extends HookRequest {
  turnId: string;
  /** Whether the agent goes on because a hook has told it to. A hook that always blocks never ends the turn. */
  stopHookActive: boolean;
  lastAssistantMessage: string | null;
}

/** Refuses something, with a reason that the agent is told. */
export interface HookBlock {
  block: string;
}

/** Text that the model is told, beside the rest. */
export interface HookContext {
  context: string;
}

/** Replaces what a tool is given. Of a command, it has the text `command`. */
export interface HookInput {
  updatedInput: Record<string, unknown>;
}

/** What the hooks answer, by event. */
export interface HookAnswers {
  preToolUse: HookBlock | HookContext | HookInput;
  postToolUse: HookBlock | HookContext;
  sessionStart: HookContext;
  userPromptSubmit: HookBlock | HookContext;
  stop: HookBlock;
}

/** What the hooks are told, by event. */
export interface HookRequests {
  preToolUse: PreToolUseRequest;
  postToolUse: PostToolUseRequest;
  sessionStart: SessionStartRequest;
  userPromptSubmit: UserPromptSubmitRequest;
  stop: StopRequest;
}

/** The events that a program can have hooks for. */
export type HookEvent = keyof HookRequests;

/** A hook with its limits. */
export interface HookOptions<E extends HookEvent> {
  /** The function. */
  handler: Handler<HookRequests[E], HookAnswers[E]>;
  /** Only for these tools, by name. Default: all. For `preToolUse` and `postToolUse` alone. */
  tools?: E extends 'preToolUse' | 'postToolUse' ? readonly string[] | undefined : undefined;
  /** How long it may take, in milliseconds. After that the engine gets the safe answer. Default: 60,000. */
  timeoutMs?: number | undefined;
}

/** A function that the engine asks at one of its events, or such a function with its limits. */
export type Hook<E extends HookEvent> = Handler<HookRequests[E], HookAnswers[E]> | HookOptions<E>;

/** See `CodexConfig.hooks`. Of several hooks of an event, each is asked in turn, and the first that answers decides. */
export type Hooks = {
  readonly [E in HookEvent]?: Hook<E> | readonly Hook<E>[] | undefined;
} & {
  /** Called when a hook has failed: it threw, took too long, or its answer was none. Default: a warning of the process. */
  readonly onError?: ((error: unknown, event: HookEvent) => void) | undefined;
};

/** A hook as it is asked. */
export interface AskedHook {
  handler: (request: never, context: { signal: AbortSignal }) => unknown;
  tools: readonly string[] | undefined;
  timeoutMs: number;
}

export const hookEvents = [
  'preToolUse',
  'postToolUse',
  'sessionStart',
  'userPromptSubmit',
  'stop',
] as const satisfies HookEvent[];

const defaultTimeoutMs = 60_000;
const longestTimeoutMs = 86_400_000;
const withTools: readonly string[] = ['preToolUse', 'postToolUse'];
const toolName = /^[\w.-]+$/;

function isHook(event: HookEvent, value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (!isObject(value) || typeof value.handler !== 'function') return false;
  const { handler: _, tools, timeoutMs, ...rest } = value;
  if (Object.keys(rest).length > 0) return false;
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs <= longestTimeoutMs))
    return false;
  if (tools === undefined) return true;
  const names =
    Array.isArray(tools) && tools.length > 0 && tools.every((one) => typeof one === 'string' && toolName.test(one));
  return names && withTools.includes(event);
}

function isHooks(value: unknown): boolean {
  if (!isObject(value)) return false;
  return Object.entries(value).every(([key, one]) => {
    if (one === undefined) return true;
    if (key === 'onError') return typeof one === 'function';
    const event = hookEvents.find((name) => name === key);
    return event !== undefined && (Array.isArray(one) ? one.every((each) => isHook(event, each)) : isHook(event, one));
  });
}

export const hooksRule: Rule = {
  expected: `an object with ${hookEvents.join(', ')} and onError, each a function, an object with handler, tools and timeoutMs, or an array of these`,
  accepts: isHooks,
  nullable: false,
};

/** The hooks of an event, in order. */
export function hooksOf(hooks: Hooks, event: HookEvent): AskedHook[] {
  const given = hooks[event];
  const all = (given === undefined ? [] : Array.isArray(given) ? given : [given]) as readonly Hook<'preToolUse'>[];
  return all.map((one) => {
    if (typeof one === 'function') return { handler: one, tools: undefined, timeoutMs: defaultTimeoutMs };
    const { handler, tools, timeoutMs = defaultTimeoutMs } = one;
    return { handler, tools, timeoutMs };
  });
}

/** Calls the hooks of a client as its engine does. @returns the first answer; undefined if none has one */
export type CallHook = <E extends HookEvent>(
  event: E,
  request: Partial<HookRequests[E]>,
) => Promise<HookAnswers[E] | undefined>;

/** A factory of transports with this member gets the client's hooks: its engine is within the program, and calls them. */
export const takesHooks = Symbol.for('twinproof.takesHooks');

/** The factory's member, if it has one. */
export function hooksTaker(transport: unknown): ((call: CallHook) => void) | undefined {
  return typeof transport === 'function' && takesHooks in transport
    ? (transport[takesHooks] as (call: CallHook) => void)
    : undefined;
}

/** @throws TypeError if the engine that is asked for cannot be given hooks */
export function assertMayHook(config: {
  hooks?: unknown;
  transport?: unknown;
  launchArgsOverride?: unknown;
  configOverrides?: readonly string[] | undefined;
}): void {
  if (config.hooks === undefined) return;
  const own = config.configOverrides?.some((one) => /^\s*hooks\s*[.=]/.test(one));
  const other =
    config.transport && !hooksTaker(config.transport)
      ? 'transport'
      : config.launchArgsOverride != null
        ? 'launchArgsOverride'
        : own && 'hooks in configOverrides';
  if (!other) return;
  const advice = 'The engine takes hooks on the command line that the client makes';
  throw new TypeError(expectedGot('reading the options of new Codex', `hooks or ${other}`, 'both', advice));
}
