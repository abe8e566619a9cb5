import type { JSONValue } from '@ai-sdk/provider';
import type { ThreadItem } from '../protocol/index.ts';

/** What the engine has done itself, as a call of a tool that the provider executes. */
export interface EngineTool {
  name: string;
  input: unknown;
  /** Whether the input is known when the item starts. */
  early: boolean;
  result: NonNullable<JSONValue>;
  isError: boolean;
}

/** The call that an item stands for; undefined for what is said, and for items of a later engine. */
export function engineTool(item: ThreadItem): EngineTool | undefined {
  switch (item.type) {
    case 'commandExecution': {
      const { command, cwd, status, exitCode = null, aggregatedOutput, durationMs = null } = item;
      const result = { status, exitCode, output: aggregatedOutput ?? '', durationMs };
      return called('commandExecution', { command, cwd }, result, status === 'declined');
    }
    case 'fileChange': {
      const { changes, status } = item;
      return called('fileChange', { changes }, { status }, status === 'failed' || status === 'declined');
    }
    case 'mcpToolCall': {
      const { server, tool, status, error, result } = item;
      const { content = [], structuredContent = null } = result ?? {};
      const said = error ? { status, error: error.message } : { status, content, structuredContent };
      return called(`mcp__${server}__${tool}`, item.arguments, said, status === 'failed');
    }
    case 'dynamicToolCall': {
      const { tool, status, contentItems } = item;
      return called(tool, item.arguments, { status, content: contentItems ?? [] }, status === 'failed');
    }
    case 'webSearch':
    case 'imageView':
    case 'imageGeneration':
    case 'collabAgentToolCall':
    case 'subAgentActivity':
    case 'sleep': {
      const { type, id, ...rest } = item;
      return { ...called(type, {}, rest, false), early: false };
    }
    default:
      return undefined;
  }
}

function called(name: string, input: unknown, result: object, isError: boolean): EngineTool {
  // The protocol's types say `unknown` where the wire has JSON.
  return { name, input: input ?? {}, early: true, result: result as NonNullable<JSONValue>, isError };
}
