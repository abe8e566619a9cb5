import type {
  CommandAction,
  CommandExecutionApprovalKind,
  CommandExecutionRequestApprovalParams,
  FileChangeRequestApprovalParams,
  FileUpdateChange,
  FormMcpServerElicitationRequestParams,
  NetworkApprovalContext,
  NetworkPolicyAmendment,
  PermissionsRequestApprovalParams,
  RequestPermissionProfile,
  ThreadItem,
} from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import type { ServerRequest } from '../rpc/server-requests.ts';
import { unifiedDiff } from './unified-diff.ts';

interface Asked<Kind extends string, Params> {
  kind: Kind;
  /** The thread that asks. A sub-agent has a thread of its own. */
  threadId: string;
  /** The item that waits for the answer, as `item/started` showed it; null if this client has not seen it start. */
  item: ThreadItem | null;
  /** Why the agent asks, in its own words; null if it does not say. */
  reason: string | null;
  /** What is asked for, as one text to show to a person: the whole command line, the whole diff, the tool with its arguments, the permissions. */
  summary: string;
  /** The request as it came, unchanged. */
  raw: Params;
}

interface AskedInTurn<Kind extends string, Params> extends Asked<Kind, Params> {
  turnId: string;
  itemId: string;
}

/** The agent wants to run a command outside of its sandbox, or one that its policy asks about. */
export interface CommandApproval extends AskedInTurn<'command', CommandExecutionRequestApprovalParams> {
  /** The command line as the engine will run it, with its shell: `/bin/bash -lc 'git status'`. Null if the request has none. */
  command: string | null;
  /** `command`, or `writeStdin` for input to a command that runs already. */
  commandKind: CommandExecutionApprovalKind;
  /** What the engine takes the command for: it reads, lists, searches, or is `unknown`. A guess for display; see `readOnly()`. */
  actions: CommandAction[];
  /** The folder that it runs in; null if the request has none. */
  cwd: string | null;
  /** The host that a running command wants to reach; null for a command itself. */
  network: NetworkApprovalContext | null;
  /** The rule that the engine proposes for `acceptWithExecpolicyAmendment`: the first words of commands to allow from now on. */
  proposedExecpolicyAmendment: string[] | null;
  /** The rules that the engine proposes for `applyNetworkPolicyAmendment`. */
  proposedNetworkPolicyAmendments: NetworkPolicyAmendment[];
}

/** The agent wants to change files. */
export interface FileChangeApproval extends AskedInTurn<'fileChange', FileChangeRequestApprovalParams> {
  /** The files, each with its diff; null if this client has not seen the item start. */
  changes: FileUpdateChange[] | null;
  /** The whole change as one unified diff, of all files; null if this client has not seen the item start. */
  diff: string | null;
  /** The folder that the agent wants to write to for the rest of the session; null if it does not. */
  grantRoot: string | null;
}

/** The agent wants more permissions for its commands: folders, or the network. */
export interface PermissionsApproval extends AskedInTurn<'permissions', PermissionsRequestApprovalParams> {
  permissions: RequestPermissionProfile;
  /** The folder that relative paths start from. */
  cwd: string | null;
}

/** The agent wants to call a tool of an MCP server that may change something. */
export interface McpToolApproval extends Asked<'mcpTool', FormMcpServerElicitationRequestParams> {
  /** Null for a call outside of a turn. */
  turnId: string | null;
  /** The call; null if this client has not seen it start. */
  itemId: string | null;
  /** The server, as the configuration names it. */
  server: string;
  tool: string;
  /** What the tool is given, as JSON. */
  arguments: unknown;
  /** What the tool does, in the server's words; null if it does not say. */
  description: string | null;
}

/** What the engine asks to be approved. Comparing `kind` narrows the rest. */
export type ApprovalRequest = CommandApproval | FileChangeApproval | PermissionsApproval | McpToolApproval;
/** What is asked for: the tag of a request. */
export type ApprovalKind = ApprovalRequest['kind'];
/** The request of one kind. */
export type ApprovalRequestOf<K extends ApprovalKind> = Extract<ApprovalRequest, { kind: K }>;

/** The items of a thread that wait for something. */
export interface StartedItems {
  byId(threadId: string, itemId: string): ThreadItem | undefined;
  /** The newest call of this tool that is not over. */
  toolCall(threadId: string, server: string, tool: string): ThreadItem | undefined;
}

/** The key under which an elicitation says that it is the engine's own question. */
export const approvalKindKey = 'codex_approval_kind';

/** The request as one of our kinds; undefined for one that is no approval. */
export function approvalRequest({ method, params }: ServerRequest, items: StartedItems): ApprovalRequest | undefined {
  // The types of the contract are trusted for what is passed on, and checked for what is used here.
  if (params === null) return undefined;
  switch (method) {
    case 'item/commandExecution/requestApproval':
      return commandApproval(params, items);
    case 'item/fileChange/requestApproval':
      return fileChangeApproval(params, items);
    case 'item/permissions/requestApproval': {
      const permissions = isObject(params.permissions) ? params.permissions : {};
      const cwd = textOrNull(params.cwd);
      return {
        kind: 'permissions',
        ...inTurn(params, items),
        permissions,
        cwd,
        summary: JSON.stringify(permissions),
        raw: params,
      };
    }
    case 'mcpServer/elicitation/request':
      return isObject(params._meta) && params._meta[approvalKindKey] === 'mcp_tool_call' && params.mode === 'form'
        ? mcpToolApproval(params, params._meta, items)
        : undefined;
    default:
      return undefined;
  }
}

function commandApproval(params: CommandExecutionRequestApprovalParams, items: StartedItems): CommandApproval {
  const command = textOrNull(params.command);
  const network = isObject(params.networkApprovalContext) ? params.networkApprovalContext : null;
  const host = network ? `${network.protocol}://${network.host}` : undefined;
  return {
    kind: 'command',
    ...inTurn(params, items),
    command,
    commandKind: typeof params.kind === 'string' ? params.kind : 'command',
    actions: Array.isArray(params.commandActions) ? params.commandActions : [],
    cwd: textOrNull(params.cwd),
    network,
    proposedExecpolicyAmendment: Array.isArray(params.proposedExecpolicyAmendment)
      ? params.proposedExecpolicyAmendment
      : null,
    proposedNetworkPolicyAmendments: Array.isArray(params.proposedNetworkPolicyAmendments)
      ? params.proposedNetworkPolicyAmendments
      : [],
    summary: [command, host].filter((one) => one != null).join(' → '),
    raw: params,
  };
}

function fileChangeApproval(params: FileChangeRequestApprovalParams, items: StartedItems): FileChangeApproval {
  const asked = inTurn(params, items);
  const changes = asked.item?.type === 'fileChange' && Array.isArray(asked.item.changes) ? asked.item.changes : null;
  const diff = changes && unifiedDiff(changes);
  const grantRoot = textOrNull(params.grantRoot);
  return {
    kind: 'fileChange',
    ...asked,
    changes,
    diff,
    grantRoot,
    summary: [diff ?? `a change of files that this client has not seen`, grantRoot && `write access to ${grantRoot}`]
      .filter((one) => one !== null && one !== '')
      .join('\n'),
    raw: params,
  };
}

function mcpToolApproval(
  params: FormMcpServerElicitationRequestParams,
  meta: Record<string, unknown>,
  items: StartedItems,
): McpToolApproval {
  const server = text(params.serverName);
  const threadId = text(params.threadId);
  // Older engines name the tool in the item alone.
  const named = textOrNull(meta.tool_name);
  const item = items.toolCall(threadId, server, named ?? '') ?? null;
  const call = item?.type === 'mcpToolCall' ? item : undefined;
  const tool = named ?? call?.tool ?? '';
  const given = meta.tool_params ?? call?.arguments ?? null;
  return {
    kind: 'mcpTool',
    threadId,
    turnId: textOrNull(params.turnId),
    itemId: item?.id ?? null,
    item,
    reason: textOrNull(params.message),
    server,
    tool,
    arguments: given,
    description: textOrNull(meta.tool_description),
    summary: `${server}.${tool} ${JSON.stringify(given)}`,
    raw: params,
  };
}

function inTurn(
  params: { threadId: string; turnId: string; itemId: string; reason?: string | null },
  items: StartedItems,
) {
  const [threadId, turnId, itemId] = [text(params.threadId), text(params.turnId), text(params.itemId)];
  return { threadId, turnId, itemId, item: items.byId(threadId, itemId) ?? null, reason: textOrNull(params.reason) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
