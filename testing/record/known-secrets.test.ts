import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { environmentSecrets, knownSecrets, SecretFinder } from './known-secrets.ts';

test.each([
  ['AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE'],
  ['SIGNING_KEY', 'of-the-signer-1'],
  ['NPM_AUTH', 'YWxhZGRpbjpvcGVuc2VzYW1l'],
  ['API_TOKEN', 'abcdefghijkl'],
  ['MYSQL_PWD', 'mysql-pwd-1'],
  ['PGPASSWORD', 'pgpassword-1'],
  ['PGPASS', 'pgpassvalue'],
  ['GH_PAT', 'pat-value-1'],
  ['SECRET_KEY_BASE', 'rails-value-1'],
  ['SESSION_COOKIE', 'cookie-value'],
  ['SENTRY_DSN', 'https://abcdef0123456789@sentry.invalid/1'],
  ['CONNECTION_STRING', 'Server=db;User=a;Pwd=b'],
  ['SLASH_SECRET_KEY', '/JalrXUtnFEMI/K7MDENG/bPxRfiCY'],
  ['SHORT_TOKEN', 'tok7chr'],
  ['apiKey', 'in-camel-case'],
  ['TOKEN_PROD', 'with-a-place-1'],
  ['API_KEY_2', 'with-a-number-1'],
])('%s says that its value is secret', (name, value) => expect(environmentSecrets({ [name]: value })).toEqual([value]));

test.each([
  ['DATABASE_URL', 'postgres://app:pw-hunter2@db/app', ['pw-hunter2']],
  ['REDIS', 'redis://:p%40ss-hunter2@db:6379', ['p%40ss-hunter2', 'p@ss-hunter2']],
])('the address in %s has a password', (name, value, wanted) =>
  expect(environmentSecrets({ [name]: value })).toEqual(wanted),
);

test.each([
  ['PWD', process.cwd()],
  ['OLDPWD', '/somewhere/else'],
  ['GIT_AUTHOR_NAME', 'Somebody Else'],
  ['SSH_AUTH_SOCK', '/run/ssh/agent.sock'],
  ['SECRET_KEY_FILE', 'relative/file'],
  ['KEYBOARD_LAYOUT', 'german'],
  ['X_TOKEN', 'disabled'],
  ['API_KEY', tmpdir()],
  ['API_KEY', join(tmpdir(), 'not-there-yet')],
  ['MAX_TOKENS', '4096000'],
  ['TOKEN_LIMIT', 'one-thousand'],
  ['Y_SECRET', 'short'],
  ['LANG', 'C.UTF-8-abc'],
  ['COMPASS', 'to-the-north'],
  ['MONKEY', 'a-monkey-1'],
])('%s=%s is no secret', (name, value) => expect(environmentSecrets({ [name]: value })).toEqual([]));

test('what lies in the engine’s home: all of auth.json, and what config.toml and .env assign to secret names', () => {
  const home = mkdtempSync(join(tmpdir(), 'known-secrets-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const codexHome = join(home, '.codex');
  mkdirSync(codexHome);
  const write = (name: string, text: string) => writeFileSync(join(codexHome, name), text);
  const tokens = { access_token: 'opaquewords', refresh_token: '/slash-refresh', account_id: 'acct-15' };
  write(
    'auth.json',
    JSON.stringify({ auth_mode: 'chatgpt', OPENAI_API_KEY: null, tokens, last_refresh: '2026-01-01T0' }),
  );
  write(
    'config.toml',
    'model = "gpt-5.5"\n[mcp_servers.x.env]\nTRACKER_TOKEN = "of-the-tracker"\nN = "//u:pw-9-pw@h"\n',
  );
  write('.env', 'SERVICE_PASSWORD=of-the-service\nNAME=value\n');
  expect(knownSecrets({}, home)).toEqual([...Object.values(tokens), 'of-the-tracker', 'pw-9-pw', 'of-the-service']);
  expect(knownSecrets({ CODEX_HOME: codexHome }, '/nowhere')).toHaveLength(6);
  write('auth.json', '{"OPENAI_API_KEY": "a-key-in-a-broken-file-1');
  expect(knownSecrets({}, home)[0]).toBe('a-key-in-a-broken-file-1');
  expect(knownSecrets({}, '/nowhere')).toEqual([]);
});

const secret = 'S3cret "quoted" /päss+word?>';
const finder = new SecretFinder([secret]);
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

test.each([
  ['as it is', secret],
  ['in JSON', inJson(secret)],
  ['in JSON in JSON', inJson(inJson(secret))],
  ['in an address', encodeURI(secret)],
  ['in a query', encodeURIComponent(secret)],
  ['in hexadecimal digits', Buffer.from(secret).toString('hex')],
  ...['', 'a', 'ab', 'user:', 'abcd'].flatMap((before) =>
    (['base64', 'base64url'] as const).map((code) => [
      `in ${code} behind "${before}"`,
      Buffer.from(`${before}${secret} and more`).toString(code),
    ]),
  ),
])('a known secret is found %s, and nothing of it is left', (_, written) => {
  let count = 0;
  expect(finder.replace(`(${written})`, '<gone>', () => (count += 1))).toBe('(<gone>)');
  expect(count).toBe(1);
  expect(finder.replace('another text, of about the same length', '<gone>')).toBe(
    'another text, of about the same length',
  );
});

test('the longer of two secrets goes first; without one, nothing is looked for', () => {
  const both = new SecretFinder(['horse', 'horse staple']);
  expect(both.replace('horse staple, horse', '<gone>')).toBe('<gone>, <gone>');
  expect(new SecretFinder(['']).empty).toBe(true);
  expect(new SecretFinder([]).replace('a', '<gone>')).toBe('a');
});
