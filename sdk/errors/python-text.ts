import { beginningOf } from './cut-text.ts';

/**
 * Values inside error texts are written in the reference's notation, so that the texts of both SDKs are equal and a
 * search for one finds the other. What an engine wrote may be of any length: it is cut before it is looked at.
 */

/** Longest part of a value that an error text repeats, in characters; a stray binary dump must not fill the log. */
const longestQuote = 2000;

const shortEscapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  const short = shortEscapes[character];
  if (short) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/**
 * A string in quotes, with escapes for characters that cannot be printed: `'line\n'`. A long one is cut, and its length is
 * added.
 * @param end follows the text. It is appended here, because appending it to a long text would copy that text.
 */
export function quoted(text: string, end = ''): string {
  const head = text.length < longestQuote ? text + end : beginningOf(text, longestQuote);
  const quote = head.includes("'") && !head.includes('"') ? '"' : "'";
  // Control characters, unassigned characters, surrogates, and every separator but the plain space: what Python calls
  // not printable.
  const body = head.replace(/[\\\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, escapeCharacter);
  const whole = quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote;
  const length = whole.length + text.length + end.length - head.length;
  return length <= longestQuote ? whole : `${beginningOf(whole, longestQuote)}… (${length} characters)`;
}

/** A JSON value: `None`, `True`, `[1, 'a']`, `{'key': 1}`. Of a long one the beginning. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  let text = '';
  for (const piece of pieces(value)) {
    text += piece;
    if (text.length > longestQuote) return `${beginningOf(text, longestQuote)}…`;
  }
  return text;
}

/** Each is at least a character, so that a reader who wants so many is never deeper in the value than that. */
function* pieces(value: unknown): Generator<string, void, void> {
  if (typeof value === 'string') yield quoted(value);
  else if (Array.isArray(value)) {
    yield '[';
    for (const [index, entry] of value.entries()) {
      if (index > 0) yield ', ';
      yield* pieces(entry);
    }
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    yield '{';
    let separator = '';
    for (const key in value) {
      if (!Object.hasOwn(value, key)) continue;
      yield `${separator}${quoted(key)}: `;
      separator = ', ';
      yield* pieces((value as Record<string, unknown>)[key]);
    }
    yield '}';
  } else yield plain(value);
}

function plain(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}
