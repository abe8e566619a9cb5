import { CodexError } from '../errors/codex-error.ts';
import { literal, quoted } from '../errors/python-text.ts';
import { isObject } from './is-object.ts';
import type { Line } from './line-codec.ts';

/** A message as it came: an object, nothing more is known of it. */
export type IncomingMessage = Record<string, unknown>;

/** Longest part of a malformed line that an error text repeats, in characters; a stray binary dump must not fill the log. */
const longestQuote = 2000;

/**
 * Parses one line. An empty line is malformed, as in Python: after it nothing can be trusted to be in step.
 * @throws CodexError `Invalid JSON-RPC line: …` or `Invalid JSON-RPC payload: …`; both end the connection
 */
export function parseMessage({ text, terminated }: Line): IncomingMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const seen = shortened(quoted(terminated ? `${text}\n` : text));
    throw new CodexError(`Invalid JSON-RPC line: ${seen}`, { cause, kind: 'protocol' });
  }
  if (!isObject(value))
    throw new CodexError(`Invalid JSON-RPC payload: ${shortened(literal(value))}`, { kind: 'protocol' });
  return value;
}

function shortened(text: string): string {
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote)}… (${text.length} characters)`;
}
