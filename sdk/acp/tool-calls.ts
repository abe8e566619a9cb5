import type { ToolCall, ToolCallContent, ToolCallStatus, ToolKind } from '@agentclientprotocol/sdk';
import { endOf } from '../errors/cut-text.ts';
import type { CommandAction, ThreadItem } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import { diffContent, diffLocations } from './diffs.ts';

/** Longest output of a command that is sent, in characters: its end. */
const longestOutput = 30_000;

/** What the engine does, as a call of a tool; undefined for what is said, and for items of a later engine. */
export function toolCallOf(item: ThreadItem): ToolCall | undefined {
  const { id: toolCallId } = item;
  switch (item.type) {
    case 'commandExecution': {
      const { command, cwd, commandActions, status, exitCode = null, aggregatedOutput } = item;
      const actions = Array.isArray(commandActions) ? commandActions : [];
      return {
        toolCallId,
        title: commandLine(command),
        kind: commandKind(actions),
        status: statusOf(status),
        locations: actions.flatMap((action) =>
          'path' in action && action.path ? [{ path: String(action.path) }] : [],
        ),
        content: aggregatedOutput ? outputContent(aggregatedOutput) : [],
        rawInput: { command, cwd },
        ...(status !== 'inProgress' && { rawOutput: { exitCode, output: aggregatedOutput ?? '' } }),
      };
    }
    case 'fileChange': {
      const changes = Array.isArray(item.changes) ? item.changes : [];
      return {
        toolCallId,
        title: `Edit ${changes.map(({ path }) => path.split(/[\\/]/).at(-1)).join(', ') || 'files'}`,
        kind: 'edit',
        status: statusOf(item.status),
        content: diffContent(changes),
        locations: diffLocations(changes),
      };
    }
    case 'mcpToolCall': {
      const { server, tool, status, result, error } = item;
      return {
        toolCallId,
        title: `${server}: ${tool}`,
        kind: 'other',
        status: statusOf(status),
        content: error ? [said(error.message)] : (result?.content ?? []).flatMap(mcpContent),
        rawInput: item.arguments,
        ...(result && { rawOutput: result }),
      };
    }
    case 'dynamicToolCall': {
      const { tool, status, contentItems } = item;
      const texts = (contentItems ?? []).flatMap((one) => (one.type === 'inputText' ? [said(one.text)] : []));
      return {
        toolCallId,
        title: tool,
        kind: 'other',
        status: statusOf(status),
        content: texts,
        rawInput: item.arguments,
      };
    }
    case 'webSearch':
      return { toolCallId, title: `Search the web: ${item.query}`, kind: 'fetch', status: 'completed' };
    case 'imageView': {
      const { path } = item;
      return {
        toolCallId,
        title: `Look at ${path}`,
        kind: 'read',
        status: 'completed',
        locations: [{ path: String(path) }],
      };
    }
    case 'collabAgentToolCall':
      return {
        toolCallId,
        title: 'Work with another agent',
        kind: 'think',
        status: statusOf(item.status),
        rawInput: item,
      };
    default:
      return undefined;
  }
}

/** What a command has said so far, its end if it is long. */
export function outputContent(output: string): ToolCallContent[] {
  const shown = output.length <= longestOutput ? output : `…${endOf(output, longestOutput)}`;
  // A fence that the output itself does not close.
  const fence = '`'.repeat(Math.max(3, ...(shown.match(/`+/g) ?? []).map(({ length }) => length + 1)));
  return [said(`${fence}\n${shown.replace(/\n?$/, '\n')}${fence}`)];
}

/** The command itself, without the shell that runs it. */
export function commandLine(command: string): string {
  const inner = /^\S*\/(?:ba|z|da)?sh -l?c '([\s\S]*)'$/.exec(command)?.[1];
  return inner === undefined ? command : inner.replaceAll(`'\\''`, "'");
}

const kinds: Readonly<Record<string, ToolKind>> = { read: 'read', listFiles: 'search', search: 'search' };

/** What all of its parts do. */
function commandKind(actions: readonly CommandAction[]): ToolKind {
  const found = new Set(actions.map(({ type }) => kinds[type] ?? 'execute'));
  const [kind] = found;
  return kind !== undefined && found.size === 1 ? kind : 'execute';
}

const statuses: Readonly<Record<string, ToolCallStatus>> = { inProgress: 'in_progress', completed: 'completed' };

const statusOf = (status: string): ToolCallStatus => statuses[status] ?? 'failed';

const said = (text: string): ToolCallContent => ({ type: 'content', content: { type: 'text', text } });

function mcpContent(content: unknown): ToolCallContent[] {
  if (!isObject(content)) return [];
  const { type, text, data, mimeType } = content;
  if (type === 'text' && typeof text === 'string') return [said(text)];
  if (type === 'image' && typeof data === 'string' && typeof mimeType === 'string')
    return [{ type: 'content', content: { type, data, mimeType } }];
  return [];
}
