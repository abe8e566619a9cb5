import { isObject, type JsonValue } from '../json/json.ts';
import type { ScriptStep } from './script-types.ts';

const saying = ['wrong', 'template', 'eol', 'prefix', 'chunks', 'wait'];

/** The verbs, and what may stand beside each. */
export const scriptVerbs: Readonly<Record<string, readonly string[]>> = {
  expect: ['as', 'params', 'optional'],
  answer: ['result', 'id', ...saying],
  error: ['code', 'message', 'data', 'body', 'id', ...saying],
  send: ['params', ...saying],
  request: ['as', 'id', 'params', ...saying],
  'expect-reply': ['result', 'error', 'optional'],
  raw: ['times', 'wrong', 'chunks', 'wait'],
  hold: [],
  'model-request': [],
  'any-order': [],
  repeat: ['steps'],
  auto: [],
  handshake: [],
  login: ['prints', 'says', 'code', 'waits'],
  schema: ['without', 'says', 'code'],
  start: [],
  stderr: ['times', 'optional'],
  close: [],
  reading: [],
  hang: [],
  exit: [],
};

/**
 * A script as a list of steps: as it is, or read from YAML.
 * @throws Error when it is not YAML or misspelt, and when it is YAML and the package `yaml` is not installed
 */
export async function readScript(script: string | readonly ScriptStep[]): Promise<ScriptStep[]> {
  const steps: unknown = typeof script === 'string' ? await fromYaml(script) : structuredClone(script);
  checkScript(steps);
  return steps;
}

async function fromYaml(text: string): Promise<unknown> {
  const { parse } = await import('yaml').catch((cause: unknown) => {
    throw new Error(
      'fakeEngine: a script as YAML needs the package `yaml`; wanted it installed, or the script as a list of steps',
      { cause },
    );
  });
  try {
    return parse(text);
  } catch (cause) {
    throw new Error(`fakeEngine: the script is no YAML: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Finds what is misspelt before an engine is started.
 * @throws Error with the step's number and what is wanted
 */
export function checkScript(script: unknown): asserts script is ScriptStep[] {
  if (!Array.isArray(script)) throw new Error(`fakeEngine: the script is ${shown(script)}; wanted a list of steps`);
  if (script.length === 0) throw new Error('fakeEngine: the script is empty; wanted at least one step');
  for (const [index, step] of script.entries()) checkStep(step as JsonValue, `${index + 1}`);
}

function checkStep(step: JsonValue, at: string): void {
  if (!isObject(step)) throw wrong(at, `is ${shown(step)}, wanted an object`);
  const keys = Object.keys(step);
  // `expect-reply` may have an `error` beside it: the verb is the one that allows all the others.
  const verbs = keys.filter((key) => Object.hasOwn(scriptVerbs, key));
  const verb = verbs.find((key) => verbs.every((other) => other === key || scriptVerbs[key]?.includes(other)));
  if (verb === undefined) {
    throw wrong(at, `has ${keys.join(', ') || 'nothing'}; wanted one of ${Object.keys(scriptVerbs).join(', ')}`);
  }
  const unknown = keys.find((key) => key !== verb && !scriptVerbs[verb]?.includes(key));
  if (unknown !== undefined) {
    const wanted = scriptVerbs[verb]?.join(', ') || 'nothing else';
    throw wrong(at, `has "${unknown}" beside "${verb}"; wanted ${wanted}`);
  }
  if (verb === 'repeat') checkList(step.steps, verb, at);
  if (verb === 'any-order') {
    if (!Array.isArray(step[verb])) throw wrong(at, `has ${shown(step[verb])} in "${verb}"; wanted a list of lists`);
    for (const [index, sequence] of step[verb].entries()) checkList(sequence, verb, `${at}.${index + 1}`);
  }
}

function checkList(steps: JsonValue | undefined, verb: string, at: string): void {
  if (!Array.isArray(steps)) throw wrong(at, `has ${shown(steps)} in "${verb}"; wanted a list of steps`);
  for (const [index, step] of steps.entries()) checkStep(step, `${at}.${index + 1}`);
}

const wrong = (at: string, what: string) =>
  new Error(`fakeEngine: step ${at} of the script ${what}; see docs/script-format.md`);
const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 80) ?? String(value);
