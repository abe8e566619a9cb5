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
