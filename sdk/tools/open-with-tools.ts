import { open } from 'node:fs/promises';
import { expectedGot } from '../../native/expected-got.mjs';
import type { FunctionDynamicToolSpec, JsonObject } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import { prepareTool } from './prepare-tool.ts';
import { ThreadTools } from './thread-tools.ts';
import type { Tool } from './tool.ts';

/** What holds the functions behind the tools of a connection's threads. */
interface ToolHolder {
  tools: ThreadTools | undefined;
}

/** How a thread is opened with tools. */
export interface OpeningWithTools {
  /** What the request says beside the rest. */
  readonly params: { readonly dynamicTools?: readonly FunctionDynamicToolSpec[] };
  /** Binds the functions. Call the result to take it back. */
  bind(threadId: string): () => void;
  /** Finds out which tools are missing, and which the engine does not know. */
  compare(threadId: string, thread: unknown): Promise<void>;
}

/**
 * Prepares tools for a thread that is started, resumed or forked.
 * @throws TypeError for a schema that the engine would refuse, and for a client that may not use what tools need
 * @throws CodexError with `kind` `install` for a package that is missing
 */
export async function openWithTools(
  holder: ToolHolder,
  tools: readonly Tool[],
  { starts, experimentalApi }: { starts: boolean; experimentalApi: boolean },
): Promise<OpeningWithTools> {
  if (!experimentalApi && tools.length > 0) {
    const advice = 'The engine counts tools as experimental';
    throw new TypeError(
      expectedGot('reading the option tools', 'a client with experimentalApi', 'one without', advice),
    );
  }
  const dynamicTools = await toolSpecs(tools);
  holder.tools ??= new ThreadTools();
  const { tools: threads } = holder;
  return {
    // A resumed or forked thread has them already, and the engine takes no others.
    params: starts && tools.length > 0 ? { dynamicTools } : {},
    bind: (threadId) => threads.bind(threadId, tools),
    async compare(threadId, thread) {
      const kept = starts ? undefined : await keptTools(thread);
      if (kept) threads.compare(threadId, kept);
    },
  };
}

/** What the engine is told of tools. */
export async function toolSpecs(tools: readonly Tool[]): Promise<FunctionDynamicToolSpec[]> {
  return await Promise.all(
    tools.map(async (tool): Promise<FunctionDynamicToolSpec> => {
      const { jsonSchema: inputSchema } = await prepareTool(tool);
      return { type: 'function', name: tool.name, description: tool.description, inputSchema };
    }),
  );
}

/** Longest beginning of a stored thread that is read, in bytes. It holds the instructions and the tools. */
const longestHead = 4 * 2 ** 20;

/**
 * The names of the tools that the engine keeps for a thread. The protocol does not tell them; the file of the thread
 * begins with them.
 * @param thread of the engine's answer
 * @returns undefined if the file is not there, for example because the engine runs elsewhere, or not as expected
 */
export async function keptTools(thread: unknown): Promise<string[] | undefined> {
  if (!isObject(thread) || typeof thread.path !== 'string') return undefined;
  try {
    const { payload } = JSON.parse(await firstLine(thread.path));
    // Of the fork of a fork, or another thread.
    if (payload.id !== thread.id) return undefined;
    return names(payload.dynamic_tools ?? []);
  } catch {
    return undefined;
  }
}

async function firstLine(path: string): Promise<string> {
  const file = await open(path);
  try {
    let head = Buffer.alloc(0);
    for (let size = 65_536; size <= longestHead; size *= 2) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(size), 0, size, 0);
      head = buffer.subarray(0, bytesRead);
      const end = head.indexOf('\n');
      if (end >= 0) return head.subarray(0, end).toString();
    }
    return head.toString();
  } finally {
    await file.close();
  }
}

const names = (specs: readonly JsonObject[]): string[] =>
  specs.flatMap((spec) =>
    spec.type === 'namespace'
      ? (spec.tools as JsonObject[]).map(({ name }) => `${String(spec.name)}.${String(name)}`)
      : [String(spec.name)],
  );
