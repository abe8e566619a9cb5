import { lintSource } from '@secretlint/core';
import { creator as preset } from '@secretlint/secretlint-rule-preset-recommend';
import { describe, expect, test } from 'vitest';
import { redactText } from '../../sdk/redact/secret-forms.ts';
import { isObject, type JsonValue } from '../json/json.ts';
import { redact } from './redact.ts';
import { plantedFields, plantedForms, plantedPlaces } from './test-fixtures/planted.ts';

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

describe.each(Object.entries(plantedForms))('%s', (_name, { text, secret }) => {
  test.each(Object.entries(plantedPlaces))('is not left where it is %s', (_place, put) => {
    const written = JSON.stringify(redact(put(text)));
    for (const form of [secret, inJson(secret)]) expect(written).not.toContain(form);
    expect(written).toContain('<redacted');
  });
});

test.each(plantedFields)('the value of %s goes, in every way in which a name and a value are written', (name) => {
  const secret = 'abcdef';
  const values: JsonValue[] = [
    { [name]: secret },
    { config: { mcp_servers: { tracker: { env: { [name]: secret } } } } },
    { headers: [{ name, value: secret }] },
    { headers: [[name, secret]] },
    { [name]: [secret, secret] },
  ];
  for (const value of values) expect(JSON.stringify(redact(value))).not.toContain(secret);
  for (const text of [`${name}="abcdef"`, `"${name}": "abcdef"`, `--config a.${name}="abcdef"`, `${name}: abcdef1`])
    expect(redactText(text)).not.toContain(secret);
});

test('a rule set that others keep finds nothing in what is left', async () => {
  const written = Object.values(plantedForms).map(({ text }) => JSON.stringify({ text, list: [text] }));
  const found = async (content: string) => {
    const source: Parameters<typeof lintSource>[0]['source'] = {
      content,
      filePath: 'recording.jsonl',
      ext: '.jsonl',
      contentType: 'text',
    };
    const { messages } = await lintSource({
      source,
      options: { config: { rules: [{ id: preset.meta.id, rule: preset }] } },
    });
    return messages.map(({ ruleId, messageId }) => `${ruleId} ${messageId}`);
  };
  expect((await found(written.join('\n'))).length).toBeGreaterThan(10);
  const left = written.map((line) => JSON.stringify(redact(JSON.parse(line) as JsonValue)));
  // A mark where a password stood is none.
  expect(await found(left.join('\n').replaceAll(':<redacted>@', '@'))).toEqual([]);
});

/** Texts of everyday conversations, and of this protocol. */
test.each([
  'token = next()',
  'const { password } = options; // the password: see below',
  'The secret: it is simple. Basic authentication and basic understanding of bearer certificates.',
  'total_tokens=1500, "outputTokens": 12, max_tokens: 4096',
  'git@github.com:openai/codex.git and ssh://git@github.com/openai/codex.git, https://example.com:8080/@scope/x',
  'import key from "./key.ts"; map.set(key, value); sort_key: created_at',
  'process.env.API_KEY and $GITHUB_TOKEN and API_KEY=<your key>, ' + '$' + '{DB_PASSWORD}',
  '"token": {"type": "string"}, "apiKey": null, "password": true',
  'export default { token: string; secret: number }',
  'commit 0123456789abcdef0123456789abcdef01234567',
  '019aa000-0000-7000-8000-000000000001',
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'npm_config_cache_location_of_everything, sk-1, hf_hub, AKIA',
])('a text without a secret stays: %s', (text) => expect(redactText(text)).toBe(text));

test('fields of the protocol that sound like secrets and are none', () => {
  const value = {
    authMode: 'apikey',
    sortKey: 'created_at',
    env_key: 'SCRIPTED_KEY',
    keyPath: 'model',
    userAuthorization: 'high',
    cancellationToken: 'c',
    authUrl: 'https://login.example/attempt',
    cli_auth_credentials_store: 'file',
    model_auto_compact_token_limit_scope: 'total',
    bearer_token_env_var: 'TRACKER_TOKEN',
    tokenUsage: { totalTokens: 15 },
    isSecret: false,
    author: '/root',
    pwd: '/work',
    usage: [{ name: 'total_tokens', value: 'x' }],
  };
  expect(redact(value)).toEqual(value);
});

test('what may stay stays, and what is redacted once is not redacted again', () => {
  const text = plantedForms['a JWT']?.text ?? '';
  expect(redactText(`key ${text}`, (found) => found === text)).toBe(`key ${text}`);
  for (const { text: planted } of Object.values(plantedForms)) {
    const once = redact({ planted, text: `x ${planted}` });
    expect(redact(once)).toEqual(once);
  }
  expect(isObject(redact({ token: '<redacted:key>' })) && redact({ token: '<redacted:key>' })).toEqual({
    token: '<redacted:key>',
  });
});

test('hostile texts cost linear time', () => {
  // A quadratic pattern would need minutes for any of these.
  const length = 400_000;
  const texts = [
    '-----BEGIN PRIVATE KEY-----',
    'eyJ',
    '//a:',
    '//',
    'token="',
    'token=',
    'password: \\"',
    'bearer ',
    'basic ',
    '"',
    'sk-',
    'a.',
    '0',
    'x',
    '\u0000',
    'authorization: a, b=',
  ];
  for (const piece of texts) redactText(piece.repeat(length / piece.length));
});
