import { open } from 'node:fs/promises';
import { expectedGot } from '../../native/expected-got.mjs';
import type { FunctionDynamicToolSpec, JsonObject } from '../protocol/index.ts';
import { isObject } from '../rpc/is-object.ts';
import { prepareTool } from './prepare-tool.ts';
import type { Tool } from './tool.ts';

/**
 * What the engine is told of tools.
 * @throws TypeError for a schema that it would refuse; CodexError with `kind` `install` for a missing package
 */
export async function toolSpecs(tools: readonly Tool[]): Promise<FunctionDynamicToolSpec[]> {
  return await Promise.all(
    tools.map(async (tool): Promise<FunctionDynamicToolSpec> => {
      const { jsonSchema: inputSchema } = await prepareTool(tool);
      return { type: 'function', name: tool.name, description: tool.description, inputSchema };
    }),
  );
}

/** @throws TypeError if the client may not use what tools need */
export function assertExperimental(experimentalApi: boolean | undefined): void {
  if (experimentalApi ?? true) return;
  const doing = 'reading the option tools';
  throw new TypeError(
    expectedGot(doing, 'a client with experimentalApi', 'one without', 'The engine counts tools as experimental'),
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
