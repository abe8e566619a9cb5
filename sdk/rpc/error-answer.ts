import { CodexError } from '../errors/codex-error.ts';
import { mapJsonRpcError } from '../errors/map-json-rpc-error.ts';
import { literal } from '../errors/python-text.ts';
import { isObject } from './is-object.ts';

const unknownCode = -32000;

/**
 * The error for an answer's `error` member, whatever it holds: a broken answer fails its own caller and nobody else.
 * (Python 0.163.0 hangs that caller and kills the connection when the code is not a number.)
 * @param method of the request that it answers
 */
export function errorFromAnswer(error: unknown, method: string): CodexError {
  if (!isObject(error))
    return new CodexError('Malformed JSON-RPC error response', { kind: 'protocol', action: method });
  const message = 'message' in error ? error.message : 'unknown';
  return mapJsonRpcError(
    toCode(error.code),
    typeof message === 'string' ? message : literal(message),
    error.data,
    method,
  );
}

/** Numbers and numeric strings count, fractions are cut, booleans are 0 and 1, as Python's `int()` has it. */
function toCode(code: unknown): number {
  if (typeof code === 'boolean') return code ? 1 : 0;
  if (typeof code === 'string' && /^\s*[+-]?\d+\s*$/.test(code)) return Number(code);
  return Number.isFinite(code) ? Math.trunc(code as number) : unknownCode;
}
