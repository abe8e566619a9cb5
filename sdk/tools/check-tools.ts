import { expectedGot } from '../../native/expected-got.mjs';
import { callback, milliseconds, type Rule, shown, text } from '../options/check-options.ts';
import { isObject } from '../rpc/is-object.ts';
import { isStandardSchema } from '../schema/standard-schema.ts';
import type { Tool } from './tool.ts';

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
 * @throws TypeError, RangeError if this is no list of tools, or two of them have one name
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
