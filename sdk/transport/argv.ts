import { expectedGot } from '../../native/expected-got.mjs';

/**
 * The one place that says what a command line of the engine can carry. The engine parses it with clap: a word that
 * begins with "-" is an option even where a value was meant, and an empty word is no value. A thread id of
 * `--dangerously-bypass-approvals-and-sandbox`, taken from a request parameter, once switched the sandbox off.
 */

/**
 * An option and its value. A value that begins with "-" is joined with "=", so that the engine cannot take it for an
 * option.
 */
export function optionWords(name: string, value: string): [string] | [string, string] {
  return value.startsWith('-') ? [`${name}=${value}`] : [name, value];
}

/**
 * A text that a word can carry.
 * @param what its name in the error: `model`
 * @throws TypeError for anything else: not a text, a null character, half of a surrogate pair (Node would write U+FFFD)
 */
export function textWord(what: string, value: unknown): string {
  if (typeof value !== 'string') throw refused(what, 'a string', value);
  if (value.includes('\0')) throw refused(what, 'a string without null characters', value);
  if (/\p{Surrogate}/u.test(value)) throw refused(what, 'well-formed Unicode', value);
  return value;
}

/**
 * A text that the engine does not accept when empty: a path, the name of a mode.
 * @throws TypeError like `textWord`, and for an empty text
 */
export function filledWord(what: string, value: unknown): string {
  const text = textWord(what, value);
  if (text === '') throw refused(what, 'a string that is not empty', value);
  return text;
}

/**
 * A text that stands alone, without an option before it: a thread id.
 * @throws TypeError like `textWord`, and for one that the engine would take for an option or for nothing
 */
export function bareWord(what: string, value: unknown): string {
  const text = textWord(what, value);
  if (text.trim() === '') throw refused(what, 'a string that is not empty', value);
  if (text.startsWith('-')) throw refused(what, 'a string that does not begin with "-"', value);
  return text;
}

/**
 * A path in a list. The engine splits the list at commas and has no escape for them.
 * @throws TypeError like `filledWord`, and for a comma
 */
export function listedPath(what: string, value: unknown): string {
  const path = filledWord(what, value);
  if (path.includes(',')) throw refused(what, 'a path without commas, at which the engine parts it', value);
  return path;
}

/**
 * `--config` and a setting, `key=value`. The engine splits it at the first "=".
 * @throws TypeError like `textWord`, and for a setting without a key
 */
export function configWords(what: string, setting: unknown): string[] {
  const text = textWord(what, setting);
  if (text.slice(0, Math.max(0, text.indexOf('='))).trim() === '') throw refused(what, 'key=value', setting);
  return optionWords('--config', text);
}

/** @throws TypeError for anything but true and false: a text would be written into a setting unchanged */
export function flagOf(what: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw refused(what, 'true or false', value);
  return value;
}

/** @throws TypeError for anything but an array: a text has entries too, its letters */
export function listOf<T>(what: string, value: readonly T[]): readonly T[] {
  if (!Array.isArray(value)) throw refused(what, 'an array', value);
  return value;
}

function refused(what: string, expected: string, value: unknown): TypeError {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : value === null ? 'null' : typeof value;
  return new TypeError(expectedGot(`building the engine's command line from ${what}`, expected, shown));
}
