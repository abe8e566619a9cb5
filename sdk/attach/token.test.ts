import { expect, test } from 'vitest';
import { CodexError } from '../errors/codex-error.ts';
import { readToken, type Token } from './token.ts';

const vault = new CodexError('the vault is shut');
const cause = new Error('no vault');

test.each<[string, Token, object]>([
  ['no file', { file: '/nope/token' }, { name: 'ConnectError', cause: { code: 'ENOENT' }, retryable: false }],
  ['a function that fails', () => Promise.reject(cause), { name: 'ConnectError', cause, retryable: false }],
  ['one that throws no error', () => Promise.reject('x'), { name: 'ConnectError', cause: 'x', retryable: false }],
  ['one that gives no text', () => 7 as never, { name: 'ConnectError', retryable: false }],
  ['nothing', ' \n', { name: 'ConnectError', retryable: false }],
  ['space inside', 'a b', { name: 'ConnectError', retryable: false }],
  ['the first character that is none', 'a\u007f', { name: 'ConnectError', retryable: false }],
])('%s is no token: trying again would not help', async (_what, token, expected) => {
  await expect(readToken(token)).rejects.toMatchObject(expected);
});

test('an error of ours that the function throws is passed on as it is', async () => {
  await expect(readToken(() => Promise.reject(vault))).rejects.toBe(vault);
});

test.each<[string, Token | undefined, string | undefined]>([
  ['none', undefined, undefined],
  ['the first and the last character', '!~', '!~'],
  ['space around it', () => '\t tok \r\n', 'tok'],
])('%s', async (_what, token, expected) => {
  expect(await readToken(token)).toBe(expected);
});
