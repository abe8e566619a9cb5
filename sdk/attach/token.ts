import { expectedGot } from '../../native/expected-got.mjs';
import { CodexError } from '../errors/codex-error.ts';
import { object, type Rule, shown, text } from '../options/check-options.ts';
import { ConnectError } from './connect-errors.ts';

/**
 * The secret that a listener asks for (`--ws-auth`): itself, the file it stands in, or a function that gives it. File
 * and function are read again for each connection, so that a new token takes effect. White space around it is dropped.
 */
export type Token = string | { readonly file: string } | (() => string | Promise<string>);

export const tokenRule: Rule = {
  expected: 'a string, a function, or an object with the text file',
  accepts: (value) =>
    typeof value === 'string' ||
    typeof value === 'function' ||
    (object.accepts(value) && text.accepts((value as { file?: unknown }).file)),
  nullable: false,
};

export const readingToken = 'reading the token of the app-server';

/**
 * The token, or undefined if none was given. No error quotes it.
 * @throws ConnectError if the file or the function fails, or gives what no header can hold
 */
export async function readToken(token: Token | undefined): Promise<string | undefined> {
  if (token === undefined) return undefined;
  const value: unknown = typeof token === 'string' ? token : await given(token);
  const expected = 'printable ASCII without white space inside it';
  if (typeof value !== 'string')
    throw new ConnectError(expectedGot(readingToken, 'a string', shown(value)), { passing: false });
  const trimmed = value.trim();
  if (trimmed === '') throw new ConnectError(expectedGot(readingToken, expected, 'nothing'), { passing: false });
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw new ConnectError(expectedGot(readingToken, expected, 'other characters'), { passing: false });
  return trimmed;
}

async function given(token: Exclude<Token, string>): Promise<unknown> {
  try {
    if (typeof token === 'function') return await token();
    const { readFile } = await import('node:fs/promises');
    return await readFile(token.file, 'utf8');
  } catch (cause) {
    const from = typeof token === 'function' ? 'a function that gives it' : `the readable file ${token.file}`;
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof CodexError) throw cause;
    // What the function says may hold the secret; what the system says of a file does not.
    const got = typeof token === 'function' ? 'one that failed; see the cause' : reason;
    throw new ConnectError(expectedGot(readingToken, from, got), { cause, passing: false });
  }
}
