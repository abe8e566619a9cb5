import { expectedGot } from '../../native/expected-got.mjs';
import type { GrantedPermissionProfile, NetworkPolicyAmendment, ServerRequests } from '../protocol/index.ts';
import type { Closed } from '../rpc/closed.ts';
import { isObject } from '../rpc/is-object.ts';
import type { ApprovalKind, ApprovalRequest } from './requests.ts';

/** What the answer to a command's request may be. */
export type CommandDecision =
  | 'accept'
  /** The same command is not asked about again in this session. */
  | 'acceptForSession'
  /** The command does not run; the turn continues, and the model is told. */
  | 'decline'
  /** The command does not run, and the turn is interrupted. */
  | 'cancel'
  /** Runs it, and adds a rule: commands that begin with these words are not asked about again, in later sessions too. */
  | { acceptWithExecpolicyAmendment: readonly string[] }
  /** Adds a rule for a host. `deny` declines. */
  | { applyNetworkPolicyAmendment: Closed<NetworkPolicyAmendment> };

/** What the answer to a file change's request may be; each means what it means for a command. */
export type FileChangeDecision = 'accept' | 'acceptForSession' | 'decline' | 'cancel';

/** What the answer to a request for permissions may be. `accept` grants for the turn what is asked for. */
export type PermissionsDecision =
  | 'accept'
  | 'acceptForSession'
  | 'decline'
  /** Grants only this. Default of `scope`: `turn`. */
  | { grant: Closed<GrantedPermissionProfile>; scope?: 'turn' | 'session' | undefined };

/** What the answer to an MCP tool's request may be. `acceptAlways` is stored in the engine's configuration. `cancel` is a `decline`, in other words to the model. */
export type McpToolDecision = 'accept' | 'acceptForSession' | 'acceptAlways' | 'decline' | 'cancel';

/** The decisions of each kind. */
export interface ApprovalDecisions {
  command: CommandDecision;
  fileChange: FileChangeDecision;
  permissions: PermissionsDecision;
  mcpTool: McpToolDecision;
}

/** What a handler decides. Of a handler for all kinds, a decision that the kind does not have is a TypeError at run time. */
export type ApprovalDecision<K extends ApprovalKind = ApprovalKind> = ApprovalDecisions[K];

type Results = {
  command: ServerRequests['item/commandExecution/requestApproval']['result'];
  fileChange: ServerRequests['item/fileChange/requestApproval']['result'];
  permissions: ServerRequests['item/permissions/requestApproval']['result'];
  mcpTool: ServerRequests['mcpServer/elicitation/request']['result'];
};
type Wire<K extends ApprovalKind> = Results[K];
type Words<K extends ApprovalKind> = { [D in Extract<ApprovalDecisions[K], string>]: Wire<K> };

const sameWord = <D extends string>(...words: D[]) =>
  Object.fromEntries(words.map((decision) => [decision, { decision }])) as { [W in D]: { decision: W } };
const refusedTool = (action: string) => ({ action, content: null, _meta: null });
const acceptedTool = (persist?: string) => ({ action: 'accept', content: {}, _meta: persist ? { persist } : null });

/** The wire's answer for each word; a decision without one does not compile. */
const words: { [K in Exclude<ApprovalKind, 'permissions'>]: Words<K> } = {
  command: sameWord('accept', 'acceptForSession', 'decline', 'cancel'),
  fileChange: sameWord('accept', 'acceptForSession', 'decline', 'cancel'),
  mcpTool: {
    accept: acceptedTool(),
    acceptForSession: acceptedTool('session'),
    acceptAlways: acceptedTool('always'),
    decline: refusedTool('decline'),
    cancel: refusedTool('cancel'),
  },
};

const objects: { readonly [K in ApprovalKind]?: string } = {
  command: 'an object with acceptWithExecpolicyAmendment or applyNetworkPolicyAmendment',
  permissions: 'an object with grant',
};

/**
 * The result that tells the engine a decision.
 * @throws TypeError for anything but a decision of this kind
 */
export function decisionResult(request: ApprovalRequest, decision: unknown): Wire<ApprovalKind> {
  const byWord: Readonly<Record<string, Wire<ApprovalKind>>> =
    request.kind === 'permissions' ? permissionWords(request.permissions) : words[request.kind];
  if (typeof decision === 'string' && Object.hasOwn(byWord, decision)) return byWord[decision] as Wire<ApprovalKind>;
  const own = isObject(decision) ? objectResult(request.kind, decision) : undefined;
  if (own) return own;
  const known = [...Object.keys(byWord).map((word) => `'${word}'`), objects[request.kind]].filter(Boolean).join(', ');
  const got = typeof decision === 'string' ? `'${decision.slice(0, 100)}'` : shown(decision);
  throw new TypeError(
    expectedGot(`reading the answer to a request of the kind ${request.kind}`, `${known} or undefined`, got),
  );
}

function permissionWords(requested: GrantedPermissionProfile): Words<'permissions'> {
  return {
    accept: { permissions: requested, scope: 'turn' },
    acceptForSession: { permissions: requested, scope: 'session' },
    decline: { permissions: {}, scope: 'turn' },
  };
}

function objectResult(kind: ApprovalKind, decision: Record<string, unknown>): Wire<ApprovalKind> | undefined {
  const [key = '', ...more] = Object.keys(decision).filter((one) => decision[one] !== undefined);
  const value = decision[key];
  if (kind === 'command' && key === 'acceptWithExecpolicyAmendment' && more.length === 0) {
    // An empty rule would allow everything.
    const fine =
      Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' && one !== '');
    return fine ? { decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: [...value] } } } : undefined;
  }
  if (kind === 'command' && key === 'applyNetworkPolicyAmendment' && more.length === 0) {
    if (!isObject(value) || typeof value.host !== 'string' || value.host === '') return undefined;
    if (value.action !== 'allow' && value.action !== 'deny') return undefined;
    const { host, action } = value;
    return { decision: { applyNetworkPolicyAmendment: { network_policy_amendment: { host, action } } } };
  }
  const { grant, scope = 'turn', ...others } = decision;
  if (kind !== 'permissions' || !isObject(grant) || Object.keys(others).length > 0) return undefined;
  if (scope !== 'turn' && scope !== 'session') return undefined;
  return { permissions: grant, scope };
}

/** Whether a decision refuses what was asked for. */
export function isDenial(decision: ApprovalDecision): boolean {
  if (typeof decision === 'string') return decision === 'decline' || decision === 'cancel';
  return 'applyNetworkPolicyAmendment' in decision && decision.applyNetworkPolicyAmendment.action === 'deny';
}

/** The decision that a result of the wire amounts to, for one that another handler has given; undefined for any other value. */
export function decisionOf(kind: ApprovalKind, result: unknown): ApprovalDecision | undefined {
  if (!isObject(result)) return undefined;
  if (kind === 'mcpTool') return isWord(kind, result.action) ? result.action : undefined;
  if (kind === 'permissions') {
    if (!isObject(result.permissions)) return undefined;
    const granted = Object.values(result.permissions).some((one) => one != null);
    return granted ? { grant: result.permissions, scope: result.scope === 'session' ? 'session' : 'turn' } : 'decline';
  }
  const { decision } = result;
  if (isWord(kind, decision)) return decision;
  return isObject(decision) && 'acceptWithExecpolicyAmendment' in decision ? 'acceptForSession' : undefined;
}

function isWord(kind: 'command' | 'fileChange' | 'mcpTool', word: unknown): word is 'accept' | 'decline' | 'cancel' {
  return typeof word === 'string' && Object.hasOwn(words[kind], word);
}

/** What was given, without its content. */
function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (!isObject(value))
    return typeof value === 'boolean' || typeof value === 'number' ? String(value) : `a ${typeof value}`;
  return `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'nothing'}`.slice(0, 200);
}
