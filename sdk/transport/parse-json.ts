import { expectedGot } from '../../native/expected-got.mjs';
import { CodexError } from '../errors/codex-error.ts';
import { beginningOf } from '../errors/cut-text.ts';
import { quoted } from '../errors/python-text.ts';

/**
 * The deepest nesting that is read. The engine itself reads 128 levels, so nothing that it passes on is much deeper.
 * What is passed to the program must be possible to write and clone again, for which V8 recurses: it gives up at about
 * 4,000 levels.
 */
export const deepestJson = 1000;

/**
 * In bytes. It limits the memory that an engine can take by never ending its line. V8 holds no string with twice as
 * many characters.
 */
export const longestLine = 256 * 1024 * 1024;

/**
 * Parses a text from any source, in linear time.
 * @throws SyntaxError if it is not JSON; unlike the parser's own, it does not keep the text in memory
 * @throws CodexError if it is too long, or nested too deeply
 */
export function parseJson(text: string): unknown {
  if (text.length > longestLine) throw lineTooLong();
  // The parser needs no stack for it but a long time, and nobody could use the value.
  if (isTooDeep(text)) throw tooDeep(`${beginningOf(text, 200)}…`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError((error as Error).message);
  }
}

const reading = 'reading a line from the Codex process';

export function lineTooLong(longest = longestLine): CodexError {
  return new CodexError(expectedGot(reading, `at most ${longest} bytes`, 'a longer one'), { kind: 'protocol' });
}

/** @param start start of the line, as an error quotes it */
export function tooDeep(start: string): CodexError {
  const expected = `JSON nested at most ${deepestJson} levels deep`;
  return new CodexError(expectedGot(reading, expected, `more: ${quoted(start)}`), { kind: 'protocol' });
}

/** Whether a text that may be JSON has more levels than are read. */
function isTooDeep(text: string): boolean {
  // Each level takes two characters, and nearly every text that is long enough has fewer brackets than levels are
  // allowed.
  if (text.length <= 2 * deepestJson || !hasManyBrackets(text)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      at = closingQuote(text, at);
      if (at < 0) return false;
    } else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > deepestJson) return true;
    } else if (character === ']' || character === '}') depth -= 1;
  }
  return false;
}

function hasManyBrackets(text: string): boolean {
  let found = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      found += 1;
      if (found > deepestJson) return true;
    }
  }
  return false;
}

/** Where the string that begins at `from` ends; -1 if it does not. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - backslashes - 1] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}
