import { expectedGot } from '../../native/expected-got.mjs';
import { isObject, type JsonValue } from '../json/json.ts';
import { keepDigits, readJson } from '../json/read-json.ts';
import { writeJson } from '../json/write-json.ts';
import { didYouMean } from '../nearest.ts';
import { type ScriptStep, type ScriptSteps, scriptVerbs } from './script-types.ts';

/**
 * A script as a list of steps, given as such or as YAML.
 * @throws Error if it is not YAML or contains a mistake, and if it is YAML and the package `yaml` is not installed
 */
export async function readScript(script: string | readonly ScriptStep[]): Promise<ScriptStep[]> {
  const steps: unknown = typeof script === 'string' ? await fromYaml(script) : readJson(writeJson(script));
  checkScript(steps);
  return steps;
}

async function fromYaml(text: string): Promise<unknown> {
  const { parseDocument, visit } = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'yaml').catch(
    (cause: unknown) => {
      const expected = 'the package `yaml`, or the script as a list of steps';
      throw new Error(expectedGot('reading the script of fakeEngine', expected, 'YAML without the package'), { cause });
    },
  );
  try {
    const document = parseDocument(text);
    if (document.errors[0] !== undefined) throw document.errors[0];
    visit(document, { Scalar: keepDigits });
    return document.toJS();
  } catch (cause) {
    throw new Error(expectedGot('reading the script of fakeEngine', 'YAML', (cause as Error).message), { cause });
  }
}

/**
 * Finds mistakes before an engine is started.
 * @throws Error with the number of the step, what was expected and what is there
 */
export function checkScript(script: unknown): asserts script is ScriptStep[] {
  if (!Array.isArray(script) || script.length === 0)
    throw new Error(expectedGot('reading the script of fakeEngine', 'a list of steps', shown(script)));
  checkSteps(script as JsonValue[], '');
}

function checkSteps(steps: readonly JsonValue[], within: string): void {
  for (const [index, step] of steps.entries()) checkStep(step, `${within}${index + 1}`);
}

function checkStep(step: JsonValue, at: string): void {
  if (!isObject(step)) throw wrong(at, 'an object', shown(step));
  const verb = verbOf(step);
  if (verb === undefined)
    throw wrong(at, `one of ${verbs.join(', ')}`, Object.keys(step).map(withTypo(verbs)).join(', ') || '{}');
  const { keys, steps: inner = {} } = scriptVerbs[verb];
  const unknown = Object.keys(step).find((key) => key !== verb && !keys.includes(key));
  if (unknown !== undefined) throw wrong(at, `${keys.join(', ') || 'nothing'} beside ${verb}`, withTypo(keys)(unknown));
  for (const [key, kind] of Object.entries(inner)) {
    if (kind === 'list') checkSteps(listIn(step[key], key, at, 'steps'), `${at}.`);
    else {
      for (const [index, list] of listIn(step[key], key, at, 'lists of steps').entries())
        checkSteps(listIn(list, key, `${at}.${index + 1}`, 'steps'), `${at}.${index + 1}.`);
    }
  }
}

/** The verb of a step is the key that allows all the others: an `expect-reply` may also have an `error`. */
export function verbOf(step: object): keyof ScriptSteps | undefined {
  const there = (Object.keys(scriptVerbs) as (keyof ScriptSteps)[]).filter((verb) => Object.hasOwn(step, verb));
  return there.find((verb) => there.every((other) => other === verb || scriptVerbs[verb].keys.includes(other)));
}

function listIn(value: JsonValue | undefined, key: string, at: string, of: string): JsonValue[] {
  if (Array.isArray(value)) return value;
  throw wrong(at, `a list of ${of} in ${key}`, shown(value));
}

/** A key, with the one that it probably means. */
const withTypo = (known: readonly string[]) => (key: string) =>
  known.includes(key) ? key : key + didYouMean(key, known);
const verbs = Object.keys(scriptVerbs);
const wrong = (at: string, expected: string, got: string) =>
  new Error(expectedGot(`reading step ${at} of the script of fakeEngine`, expected, got, 'See docs/script-format.md'));
const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 80) ?? String(value);
