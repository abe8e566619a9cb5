import { CodexError } from '../errors/codex-error.ts';
import { literal, quoted } from '../errors/python-text.ts';
import { mapJsonRpcError } from '../errors/rpc-errors.ts';
import type { Line } from '../transport/line-codec.ts';
import { parseJson } from '../transport/parse-json.ts';
import { isObject } from './is-object.ts';

/** A received message: an object, and nothing else is known about it. */
export type IncomingMessage = Record<string, unknown>;

/**
 * Parses one line. An empty line is malformed, as in Python: after it, nothing can be trusted to be in step.
 * @throws CodexError `Invalid JSON-RPC line: …` or `Invalid JSON-RPC payload: …`. Also for a line that is too
 *   long or nested too deeply. Each ends the connection.
 */
export function parseMessage({ text, terminated }: Line): IncomingMessage {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    if (cause instanceof CodexError) throw cause;
    throw new CodexError(`Invalid JSON-RPC line: ${quoted(text, terminated ? '\n' : '')}`, { cause, kind: 'protocol' });
  }
  if (!isObject(value)) throw new CodexError(`Invalid JSON-RPC payload: ${literal(value)}`, { kind: 'protocol' });
  return value;
}

const unknownCode = -32000;

/**
 * The error for an answer's `error` member, whatever it contains: a broken answer fails only its own caller. (Python
 * 0.163.0 hangs that caller and kills the connection if the code is not a number.)
 * @param method method of the answered request
 * @param explain says what the engine's text does not, where somebody knows
 */
export function errorFromAnswer(error: unknown, method: string, explain?: ExplainRefusal): CodexError {
  if (!isObject(error))
    return new CodexError('Malformed JSON-RPC error response', { kind: 'protocol', action: method });
  const message = 'message' in error ? error.message : 'unknown';
  const code = toCode(error.code);
  const text = typeof message === 'string' ? message : literal(message);
  return mapJsonRpcError(code, text, error.data, method, explain?.(method, { code, text }));
}

/** What to say in place of the engine's text; undefined if that says enough. */
export type ExplainRefusal = (method: string, refusal: { code: number; text: string }) => string | undefined;

/** As in Python's `int()`: numbers and numeric strings are valid, fractions are cut, booleans are 0 and 1. */
function toCode(code: unknown): number {
  if (typeof code === 'boolean') return code ? 1 : 0;
  if (typeof code === 'string' && /^\s*[+-]?\d+\s*$/.test(code)) return finite(Number(code));
  return finite(code);
}

function finite(code: unknown): number {
  return Number.isFinite(code) ? Math.trunc(code as number) : unknownCode;
}

/**
 * The text of a message's `id`, as the engine wrote it: `9007199254740993`, `1e3`, `"\u0041"`. Read and written again, it
 * may be another number, and the answer would answer nothing that was asked.
 * @param line known to be a JSON object with an `id`; of two, the last counts, as for `JSON.parse`
 */
export function idText(line: string): string {
  let found = 'null';
  let depth = 0;
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charCodeAt(at);
    if (char === quote) {
      const end = stringEnd(line, at);
      const isId =
        depth === 1 && end - at <= longestKey && isKey(line, end) && JSON.parse(line.slice(at, end)) === 'id';
      if (isId) {
        const from = line.indexOf(':', end) + 1;
        const to = valueEnd(line, from);
        found = line.slice(from, to).trim();
        at = to - 1;
      } else at = end - 1;
    } else if (char === openBrace || char === openBracket) depth += 1;
    else if (char === closeBrace || char === closeBracket) depth -= 1;
  }
  // A slice keeps the whole line in memory.
  return Buffer.from(found).toString();
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket, comma] = [...'"\\{}[],'].map((char) =>
  char.charCodeAt(0),
) as [number, number, number, number, number, number, number];

/** `"id"` with each character as an escape of six. */
const longestKey = 14;

/** Whether the string that ends there is a key. */
function isKey(line: string, end: number): boolean {
  const colon = /\s*:/y;
  colon.lastIndex = end;
  return colon.test(line);
}

/** Behind the closing quote of the string that begins at `from`. */
function stringEnd(line: string, from: number): number {
  for (let at = from + 1; ; at += 1) {
    // Character by character where many are escaped, and by leaps where a text is long: each is slow for the other.
    for (const near = at + 64; at < near; at += 1) {
      const char = line.charCodeAt(at);
      if (char === quote) return at + 1;
      if (char === backslash) at += 1;
    }
    const start = at;
    at = line.indexOf('"', start);
    let backslashes = 0;
    while (at - backslashes > start && line.charCodeAt(at - backslashes - 1) === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
}

/** Behind the value that begins at `from`: at the comma or brace that follows it. */
function valueEnd(line: string, from: number): number {
  let depth = 0;
  for (let at = from; ; at += 1) {
    const char = line.charCodeAt(at);
    if (char === quote) at = stringEnd(line, at) - 1;
    else if (char === openBrace || char === openBracket) depth += 1;
    else if (depth === 0 && (char === comma || char === closeBrace)) return at;
    else if (char === closeBrace || char === closeBracket) depth -= 1;
  }
}
