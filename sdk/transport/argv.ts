import { expectedGot } from '../../native/expected-got.mjs';

/**
 * One place says what a command line of the engine can carry. The engine reads its words with clap: a word that begins with "-" is an option,
 * wherever a value was meant, and an empty one is no value. A thread id of `--dangerously-bypass-approvals-and-sandbox`, out of a request's
 * parameter, once switched the sandbox off.
 */

/** An option and its value. A value that begins with "-" goes behind "=", where the engine cannot take it for an option. */
export function optionWords(name: string, value: string): [string] | [string, string] {
  return value.startsWith('-') ? [`${name}=${value}`] : [name, value];
}

/**
 * A text that a word can carry.
 * @param what its name for the error: `model`
 * @throws TypeError for anything else: no text, a null character, half of a surrogate pair (Node would write U+FFFD)
 */
export function textWord(what: string, value: unknown): string {
  if (typeof value !== 'string') throw refused(what, 'a string', value);
  if (value.includes('\0')) throw refused(what, 'a string without null characters', value);
  if (/\p{Surrogate}/u.test(value)) throw refused(what, 'well-formed Unicode', value);
  return value;
}

/**
 * A text that the engine does not take when it is empty: a path, the name of a mode.
 * @throws TypeError as `textWord`, and for an empty text
 */
export function filledWord(what: string, value: unknown): string {
  const text = textWord(what, value);
  if (text === '') throw refused(what, 'a string that is not empty', value);
  return text;
}

/**
 * A text that stands by itself, without an option before it: a thread's id.
 * @throws TypeError as `textWord`; for one that the engine would take for an option, or for nothing
 */
export function bareWord(what: string, value: unknown): string {
  const text = textWord(what, value);
  if (text.trim() === '') throw refused(what, 'a string that is not empty', value);
  if (text.startsWith('-')) throw refused(what, 'a string that does not begin with "-"', value);
  return text;
}

/**
 * A path that stands in a list: the engine parts it at commas, and has no escape for them.
 * @throws TypeError as `filledWord`, and for a comma
 */
export function listedPath(what: string, value: unknown): string {
  const path = filledWord(what, value);
  if (path.includes(',')) throw refused(what, 'a path without commas, at which the engine parts it', value);
  return path;
}

/**
 * `--config` and a setting, `key=value`: the engine parts it at the first "=".
 * @throws TypeError as `textWord`, and for a setting without a key
 */
export function configWords(what: string, setting: unknown): string[] {
  const text = textWord(what, setting);
  if (text.slice(0, Math.max(0, text.indexOf('='))).trim() === '') throw refused(what, 'key=value', setting);
  return optionWords('--config', text);
}

/** @throws TypeError for anything but true and false: a text would be written into a setting as it is */
export function flagOf(what: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw refused(what, 'true or false', value);
  return value;
}

/** @throws TypeError for anything but an array: a text has entries as well, its letters */
export function listOf<T>(what: string, value: readonly T[]): readonly T[] {
  if (!Array.isArray(value)) throw refused(what, 'an array', value);
  return value;
}

function refused(what: string, expected: string, value: unknown): TypeError {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : value === null ? 'null' : typeof value;
  return new TypeError(expectedGot(`building the engine's command line from ${what}`, expected, shown));
}
