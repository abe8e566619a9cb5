import { constants } from 'node:buffer';
import { expectedGot } from '../../native/expected-got.mjs';

/** Half of a surrogate pair as `JSON.stringify` writes it, after backslashes that escape each other. */
const half = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/**
 * The JSON text of what is sent. Half of a surrogate pair, which a text has that was cut in the middle of an emoji, becomes
 * U+FFFD, as everywhere where a text is written as UTF-8: the engine drops a line with one, and never answers.
 * @returns undefined for what JSON cannot hold
 * @throws TypeError for a value that refers to itself, and for a BigInt
 */
export function jsonLine(value: object): string;
export function jsonLine(value: unknown): string | undefined;
export function jsonLine(value: unknown): string | undefined {
  const text: string | undefined = JSON.stringify(value);
  return text?.includes('\\ud') ? text.replace(half, '$1\ufffd') : text;
}

/**
 * The line that `make` gives, if it is not too long to be sent.
 * @param longest in bytes; undefined: what a string of this platform holds
 * @throws RangeError
 */
export function sendable(action: string, longest: number | undefined, make: () => string): string {
  const refused = (expected: string, got: string, cause?: unknown): RangeError =>
    new RangeError(expectedGot(`sending ${action} to the engine`, expected, got, 'Send less at once'), { cause });
  const ofPlatform = `a message below ${constants.MAX_STRING_LENGTH} characters`;
  let line: string;
  try {
    line = make();
  } catch (error) {
    if (!(error instanceof RangeError) || error.message !== 'Invalid string length') throw error;
    throw refused(ofPlatform, 'a longer one', error);
  }
  // A transport may have to put its end of line behind it.
  if (line.length >= constants.MAX_STRING_LENGTH) throw refused(ofPlatform, `one of ${line.length}`);
  // A character of a string has three bytes at most.
  if (longest === undefined || line.length * 3 <= longest) return line;
  const size = Buffer.byteLength(line);
  if (size > longest) throw refused(`a message of at most ${longest} bytes`, `one of ${size}`);
  return line;
}
