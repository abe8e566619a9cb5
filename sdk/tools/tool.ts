import type { Schema, SchemaOutput } from '../schema/standard-schema.ts';
import { refuseTool } from './check-tools.ts';

/** What `execute` gets besides its arguments. */
export interface ToolContext {
  /**
   * Fires when nobody waits for the result any more: the turn was interrupted or has ended, the time is up, the client
   * was closed, or the engine is gone. Its `reason` says which.
   */
  readonly signal: AbortSignal;
  /** Names the call; the id of its item. */
  readonly callId: string;
  /** The thread that the call belongs to; undefined if it came through `toolServer()`. */
  readonly threadId: string | undefined;
  /** The turn that the call belongs to; undefined if it came through `toolServer()`. */
  readonly turnId: string | undefined;
}

/** A piece of a result. `data` is bytes, or base64. */
export type ToolContentItem =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly data: string | Uint8Array; readonly mimeType: string }
  | { readonly type: 'audio'; readonly data: string | Uint8Array; readonly mimeType: string };

/** A result of several pieces, as in MCP. `isError` tells the model that the call failed. */
export interface ToolContent {
  readonly content: readonly ToolContentItem[];
  readonly isError?: boolean | undefined;
}

/** What `execute` may return: a text, any other JSON value, which the model gets as JSON text, or pieces. */
export type ToolResult = ToolContent | string | number | boolean | object | null | undefined;

/** The type of what `execute` gets by a schema; an object of unknown values for a JSON Schema. */
export type ToolArguments<S extends Schema> = SchemaOutput<S, { [name: string]: unknown }>;

/** What `tool()` takes. */
export interface ToolOptions<S extends Schema> {
  /** What the model calls it by: 1 to 128 letters, digits, `_` and `-`, and not the name of a tool of the engine's own. */
  name: string;
  /** Tells the model what the tool does and when to use it. */
  description: string;
  /**
   * The arguments: an object schema of Zod, Valibot, ArkType or another library with Standard Schema, or a JSON Schema
   * (checked by the optional peer package `ajv`). What does not fit goes back to the model, and `execute` is not called.
   */
  inputSchema: S;
  /**
   * Does the work. What it throws goes back to the model as a failed call, without stack and without what looks like a
   * secret; `CodexConfig.onServerRequestError` gets the error itself.
   */
  execute: (args: ToolArguments<S>, context: ToolContext) => ToolResult | Promise<ToolResult>;
  /**
   * How long a call may take, in milliseconds, including its wait for others (`concurrency`). Then `signal` fires, and the
   * model is told. 0: any time. Default: 600,000.
   */
  timeoutMs?: number | undefined;
  /** How many calls may run at once, of all threads. Later ones wait. Default: any number. */
  concurrency?: number | undefined;
}

/** A function that the agent can call; see `tool()`. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Schema;
  readonly execute: (args: never, context: ToolContext) => ToolResult | Promise<ToolResult>;
  readonly timeoutMs?: number | undefined;
  readonly concurrency?: number | undefined;
}

/**
 * Makes a function of your program a tool of the agent. Give it to a thread (`tools`), or serve it over MCP
 * (`toolServer()`). The types of `execute`'s arguments follow from `inputSchema`.
 * ```ts
 * import { Codex, tool } from 'twinproof';
 * import { z } from 'zod';
 *
 * const ticket = tool({
 *   name: 'ticket',
 *   description: 'Reads a ticket of our tracker.',
 *   inputSchema: z.object({ id: z.string() }),
 *   execute: async ({ id }, { signal }) => (await fetch(`https://tracker.example/${id}`, { signal })).text(),
 * });
 *
 * await using codex = new Codex();
 * const thread = await codex.threadStart({ tools: [ticket] });
 * console.log((await thread.run('Is ticket T-42 still open?')).finalResponse);
 * ```
 * @throws TypeError, RangeError that names the option; also for a name that the engine would refuse, or has itself
 */
export function tool<const S extends Schema>(options: ToolOptions<S>): Tool {
  refuseTool(options, 'reading the options of tool');
  const { name, description, inputSchema, execute, timeoutMs, concurrency } = options;
  return Object.freeze({ name, description, inputSchema, execute, timeoutMs, concurrency });
}
