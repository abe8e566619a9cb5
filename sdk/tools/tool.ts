import { expectedGot } from '../../native/expected-got.mjs';
import { callback, milliseconds, type Rule, shown, text } from '../options/check-options.ts';
import { isObject } from '../rpc/is-object.ts';
import { isStandardSchema, type Schema, type SchemaOutput } from '../schema/standard-schema.ts';

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
 *   execute: ({ id }) => (id === 'T-42' ? { title: 'Rain in the cellar', open: true } : 'There is no such ticket.'),
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
  // Not frozen: a test may put a spy in the place of `execute`, and a Proxy around all must not lie about what is fixed.
  return { name, description, inputSchema, execute, timeoutMs, concurrency };
}

/**
 * Names that the engine takes, although it would never call them: it has tools of these names itself, and calls those.
 * Which of them a model has depends on its kind and on the settings.
 */
export const namesOfTheEngine: readonly string[] = [
  'apply_patch',
  'exec_command',
  'request_user_input',
  'tool_search',
  'view_image',
  'write_stdin',
];

/** The engine's longest name of a tool, in characters. */
const longestName = 128;

/** @returns what is expected of a name, if this is not it */
function nameProblem(name: string): string | undefined {
  if (!/^[a-zA-Z0-9_-]+$/.test(name)) return 'a name of letters, digits, _ and -';
  if (name.length > longestName) return `a name of at most ${longestName} characters`;
  if (name === 'mcp' || name.startsWith('mcp__')) return 'a name that is not kept for MCP (mcp, mcp__…)';
  if (namesOfTheEngine.includes(name)) return 'a name that no tool of the engine has';
  return undefined;
}

const schema: Rule = {
  expected: 'a schema of Zod, Valibot, ArkType or another library with Standard Schema, or a JSON Schema',
  accepts: (value) => isStandardSchema(value) || isObject(value),
  nullable: false,
};

const concurrency: Rule = {
  expected: 'a whole number, 1 or more',
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  nullable: false,
};

const required = { name: text, description: text, inputSchema: schema, execute: callback };
const optional = { timeoutMs: milliseconds, concurrency };

/**
 * @param doing what is being read, as a gerund
 * @throws TypeError, RangeError if this is no tool
 */
export function refuseTool(given: unknown, doing: string): asserts given is Tool {
  if (!isObject(given)) throw new TypeError(expectedGot(doing, 'a tool, as tool() makes it', shown(given)));
  for (const [key, rule] of Object.entries({ ...required, ...optional })) {
    const value = given[key];
    if (rule.accepts(value) || (value === undefined && key in optional)) continue;
    throw rule.refusal?.(key, value) ?? new TypeError(expectedGot(`${doing}, ${key}`, rule.expected, shown(value)));
  }
  const name = String(given['name']);
  const expected = nameProblem(name);
  if (expected) throw new TypeError(expectedGot(`${doing}, name`, expected, JSON.stringify(name.slice(0, 150))));
}

/**
 * @param doing what is being read, as a gerund
 * @throws TypeError, RangeError if this is not a list of tools, or two of them have one name
 */
export function refuseTools(given: unknown, doing: string): asserts given is readonly Tool[] {
  if (!Array.isArray(given)) throw new TypeError(expectedGot(doing, 'an array of tools', shown(given)));
  const names = new Set<string>();
  for (const [at, one] of given.entries()) {
    refuseTool(one, `${doing}, entry ${at + 1}`);
    const { name } = one;
    if (names.has(name)) throw new TypeError(expectedGot(doing, 'tools with different names', `two named ${name}`));
    names.add(name);
  }
}

/** The option `tools` of a thread. */
export const tools: Rule = {
  expected: 'an array of tools',
  accepts(value) {
    try {
      refuseTools(value, '');
      return true;
    } catch {
      return false;
    }
  },
  nullable: false,
  refusal(name, value) {
    try {
      refuseTools(value, `reading the option ${name}`);
    } catch (error) {
      return error as Error;
    }
    return new TypeError(name);
  },
};
