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
