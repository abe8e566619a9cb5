import { expectedGot } from '../../native/expected-got.mjs';
import { callback, type Rule, type RulesFor } from '../options/check-options.ts';
import type {
  ChatgptAuthTokensRefreshParams,
  ChatgptAuthTokensRefreshResponse,
  McpServerElicitationRequestParams,
  PermissionsRequestApprovalParams,
  ThreadItem,
  ToolRequestUserInputParams,
} from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import type { ApprovalDecision } from './decisions.ts';
import { type Asked, asked, type Handler, hasOnly, isTimedHandler, type TimedHandler } from './handlers.ts';
import type { ElicitationAnswer, PermissionsAnswer, UserInputAnswer } from './other-requests.ts';
import type { ApprovalKind, ApprovalRequest, ApprovalRequestOf } from './requests.ts';

/** Decides on requests of any kind; see `ApprovalOptions.approvals`. */
export type ApprovalHandler = Handler<ApprovalRequest, ApprovalDecision>;

/** Handlers of an approval's kinds. */
export interface ApprovalHandlers {
  command?: Handler<ApprovalRequestOf<'command'>, ApprovalDecision<'command'>> | undefined;
  fileChange?: Handler<ApprovalRequestOf<'fileChange'>, ApprovalDecision<'fileChange'>> | undefined;
  permissions?: Handler<ApprovalRequestOf<'permissions'>, ApprovalDecision<'permissions'>> | undefined;
  mcpTool?: Handler<ApprovalRequestOf<'mcpTool'>, ApprovalDecision<'mcpTool'>> | undefined;
  /** For the kinds that have no handler of their own here. */
  handler?: ApprovalHandler | undefined;
  /** How long each handler may take, in milliseconds. After that the engine gets the safe answer. Default: 0, for as long as it takes. */
  timeoutMs?: number | undefined;
}

/** Decides on what the agent may do: a function for all kinds, such as `readOnly()`, or an object with one for each kind. */
export type Approval = ApprovalHandler | ApprovalHandlers;

/** What is done once something was refused; see `ApprovalOptions.onDenial`. */
export type OnDenial = 'continue' | 'throw';

/** One decision, for the audit trail. */
export interface ApprovalRecord {
  request: ApprovalRequest;
  /** Null if the answer was not needed any more: the engine has resolved the request itself, or the turn or the engine has ended. */
  decision: ApprovalDecision | null;
  /** Who decided: the name of the function or of its option, or `safe answer` if nobody did. */
  decidedBy: string;
  /** Why a handler failed; the safe answer was sent then. Undefined if none did. */
  error: unknown;
  /** When the request came, in milliseconds since 1970. */
  askedAt: number;
  /** How long the decision took, in milliseconds. */
  durationMs: number;
}

/** Something that was refused during a turn. */
export interface ApprovalDenial {
  kind: ApprovalKind;
  /** `decline`, `cancel`, or a rule that denies. */
  decision: ApprovalDecision;
  threadId: string;
  turnId: string | null;
  itemId: string | null;
  /** What was refused, as it ended; null if this client has not seen it. */
  item: ThreadItem | null;
  /** `user` if your program was asked; otherwise the engine's own reviewer, such as `auto_review`. */
  reviewer: string;
  /** Who decided: the name of the function or of its option, `safe answer` if nobody did, or the engine's word for its reviewer. */
  decidedBy: string;
  /** The reviewer's reason, or why the handler failed; null if there is none. */
  reason: string | null;
}

/** Options for what the engine asks during turns. The nearest that is set counts: that of a turn, of its thread, of the client. */
export interface ApprovalOptions {
  /**
   * Decides on what the agent may do beyond its sandbox: functions, or objects of functions, that are asked one after the other; the first that
   * answers decides. If none answers, or one fails, the request is declined. Setting it makes your program the thread's reviewer
   * (`approvalsReviewer`), in place of the engine's own. Not together with `approvalMode`.
   */
  approvals?: Approval | readonly Approval[] | undefined;
  /**
   * With `throw`, a refusal interrupts the turn, and `run()` and `result()` throw `ApprovalDeniedError`. Default: `continue`, as the engine has it: after
   * `decline` the turn continues, and after `cancel` it is interrupted. Either way `TurnResult.denials` tells.
   */
  onDenial?: OnDenial | undefined;
  /** Called with every decision on an approval, whoever made it: an audit trail. What it throws goes to `onServerRequestError`. */
  onDecision?: ((record: ApprovalRecord) => void) | undefined;
  /** Answers the questions that the agent asks its user: for each question's id, the answer or answers. Default: no answers. */
  onUserInput?: TimedHandler<ToolRequestUserInputParams, UserInputAnswer> | undefined;
  /** Answers the forms and links that MCP servers present to the user. Default: declines. Approvals of MCP tools never come here. */
  onElicitation?: TimedHandler<McpServerElicitationRequestParams, ElicitationAnswer> | undefined;
  /** Answers requests for permissions that `approvals` has left open, in the words of the protocol. Default: grants nothing. */
  onPermissions?: TimedHandler<PermissionsRequestApprovalParams, PermissionsAnswer> | undefined;
}

/** Options for what the engine asks of the client as a whole. */
export interface ClientRequestOptions extends ApprovalOptions {
  /** Gives new tokens for a login with ChatGPT tokens whose access token was refused. Default: the engine is told that there are none, and the turn fails. */
  onTokenRefresh?: TimedHandler<ChatgptAuthTokensRefreshParams, ChatgptAuthTokensRefreshResponse> | undefined;
}

const kinds = { command: true, fileChange: true, permissions: true, mcpTool: true } satisfies Record<
  ApprovalKind,
  true
>;
const handlerKeys = [...Object.keys(kinds), 'handler', 'timeoutMs'];

function isApproval(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (!isObject(value) || !hasOnly(value, handlerKeys)) return false;
  const { timeoutMs: _, ...functions } = value;
  const given = Object.values(functions).filter((one) => one !== undefined);
  return given.length > 0 && given.every((one) => typeof one === 'function');
}

const approvals: Rule = {
  expected: `a function, an object with functions for ${Object.keys(kinds).join(', ')} or handler, or an array of these`,
  accepts: (value) => (Array.isArray(value) ? value.every(isApproval) : isApproval(value)),
  nullable: false,
};
const onDenial: Rule = {
  expected: "'continue' or 'throw'",
  accepts: (value) => value === 'continue' || value === 'throw',
  nullable: false,
};
const timedHandler: Rule = {
  expected: 'a function, or an object with handler and timeoutMs',
  accepts: isTimedHandler,
  nullable: false,
};

export const approvalRules: RulesFor<ApprovalOptions> = {
  approvals,
  onDenial,
  onDecision: callback,
  onUserInput: timedHandler,
  onElicitation: timedHandler,
  onPermissions: timedHandler,
};

export const clientRequestRules: RulesFor<ClientRequestOptions> = { ...approvalRules, onTokenRefresh: timedHandler };

/** What of some options is about approvals; undefined if nothing is. */
export function approvalOptions(options: ApprovalOptions): ApprovalOptions | undefined {
  const given = Object.keys(approvalRules).flatMap((key) => {
    const value = options[key as keyof ApprovalOptions];
    return value === undefined ? [] : [[key, value]];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** The functions to ask about a request of this kind, in order. */
export function approvalHandlers(given: ApprovalOptions['approvals'], kind: ApprovalKind): Asked[] {
  const all: readonly Approval[] = given === undefined ? [] : Array.isArray(given) ? given : [given as Approval];
  return all.flatMap((one, at) => {
    const name = all.length === 1 ? 'approvals' : `approvals[${at}]`;
    if (typeof one === 'function') return asked(name, one);
    const handler = one[kind] ?? one.handler;
    return handler ? asked(name, { handler: handler as ApprovalHandler, timeoutMs: one.timeoutMs }) : [];
  });
}

/**
 * The two ways to say who approves.
 * @throws TypeError if both are given
 */
export function assertOneReviewer(
  call: string,
  options: { approvals?: unknown; approvalMode?: unknown; approvalsReviewer?: unknown },
): void {
  const other = options.approvalMode == null ? 'approvalsReviewer' : 'approvalMode';
  if (options.approvals === undefined || options[other] == null) return;
  const advice = 'With approvals your program decides; with approvalMode the engine does, or nobody';
  throw new TypeError(expectedGot(`reading the options of ${call}`, `approvals or ${other}`, 'both', advice));
}
