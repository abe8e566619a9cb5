import type { JsonValue } from '../../json/json.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
/** Characters that look drawn by lot and are the same in each run. */
function some(length: number, letters = alphabet): string {
  let state = 7 + length;
  return Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return letters[state % letters.length];
  }).join('');
}
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const hex = '0123456789abcdef';

/** A text with a secret in it, and the part that must not be left. Put together here, so that no scanner takes this file for a leak. */
export interface Planted {
  text: string;
  secret: string;
}
const whole = (text: string): Planted => ({ text, secret: text });
const pem = (kind: string, body = `${some(64)}\n${some(64)}\n${some(20)}==`): Planted => ({
  text: `-----BEGIN ${kind}PRIVATE KEY-----\n${body}\n-----END ${kind}PRIVATE KEY-----`,
  secret: body.split('\n')[0] ?? '',
});
const password = 'hunter2hunter2x';
const words = 'correcthorsebattery';
const assigned = (text: string, secret = password): Planted => ({ text: text.replace('SECRET', secret), secret });

/** Every form that is promised to be found, by its name. */
export const plantedForms: Readonly<Record<string, Planted>> = {
  'an OpenAI key': whole(`sk-proj-${some(40)}`),
  'an old OpenAI key': whole(`sk-${some(20)}`),
  'an Anthropic key': whole(`sk-ant-api03-${some(30)}`),
  'a Stripe key': whole(`sk_live_${some(24)}`),
  'a restricted Stripe key': whole(`rk_live_${some(24)}`),
  'a webhook’s secret': whole(`whsec_${some(32)}`),
  'a classic GitHub token': whole(`ghp_${some(36)}`),
  'a GitHub token of a run': whole(`ghs_${some(36)}`),
  'a fine-grained GitHub token': whole(`github_pat_${some(22)}_${some(59)}`),
  'a GitLab token': whole(`glpat-${some(20)}`),
  'an Atlassian token': whole(`ATATT3${some(40)}`),
  'an AWS key id': whole(`AKIA${some(16, upper)}`),
  'a temporary AWS key id': whole(`ASIA${some(16, upper)}`),
  'an AWS secret': assigned('aws_secret_access_key = SECRET', some(40)),
  'a Slack token': whole(`xoxb-123456789012-${some(24)}`),
  'a Slack webhook': assigned('https://hooks.slack.com/services/SECRET', `T0000/B0000/${some(24)}`),
  'a Google key': whole(`AIzaSy${some(33)}`),
  'a Google access token': whole(`ya29.${some(40)}`),
  'an npm token': whole(`npm_${some(36)}`),
  'an .npmrc line': assigned('//registry.npmjs.org/:_authToken=SECRET', some(36)),
  'a short password of .npmrc': assigned('//registry.npmjs.org/:_auth=SECRET', 'horses'),
  'a PyPI token': whole(`pypi-AgEIcHlwaS5vcmc${some(40)}`),
  'a Hugging Face token': whole(`hf_${some(34)}`),
  'a Groq key': whole(`gsk_${some(40)}`),
  'a SendGrid key': whole(`SG.${some(22)}.${some(43)}`),
  'a Shopify token': whole(`shpat_${some(32, hex)}`),
  'a DigitalOcean token': whole(`dop_v1_${some(64, hex)}`),
  'a Vault token': whole(`hvs.${some(40)}`),
  'a Linear key': whole(`lin_api_${some(40)}`),
  'a Twilio key': whole(`SK${some(32, hex)}`),
  'a Telegram bot’s token': whole(`123456789:${some(35)}`),
  'a Discord bot’s token': whole(`M${some(24)}.${some(6)}.${some(30)}`),
  'a JWT': whole(`eyJ${some(20)}.eyJ${some(30)}.${some(20)}`),
  'a private key': pem(''),
  'an RSA key': pem('RSA '),
  'an OpenSSH key': pem('OPENSSH '),
  'a short private key': pem('EC ', 'MIIEvQIBADANBgkqhkiG9w0'),
  'a private key that is cut': { text: `-----BEGIN PRIVATE KEY-----\n${some(64)}\n${some(30)}`, secret: some(64) },
  'a password in an address': assigned(`https://user:SECRET@git.example/repo.git`),
  'a password of a database': assigned('postgres://app:SECRET@db.internal:5432/app'),
  'a password without a user': assigned('redis://:SECRET@cache:6379/0'),
  'a key as the user of an address': assigned('https://SECRET@sentry.invalid/1', `${some(24, hex)}0008`),
  'a Bearer header': assigned('Authorization: Bearer SECRET', words),
  'a bearer header in lower case': assigned('authorization: bearer SECRET', words),
  'a Bearer token by itself, of letters alone': assigned('curl -H "Bearer SECRET"', 'horsestaple'),
  'a bearer token by itself': assigned('curl -H "bearer SECRET"', some(20)),
  'a Basic header': assigned('Authorization: Basic SECRET', Buffer.from('user:password').toString('base64')),
  'a basic header in lower case': assigned(
    'authorization: basic SECRET',
    Buffer.from('us:passwords').toString('base64'),
  ),
  'Basic by itself': assigned('Basic SECRET', Buffer.from('user:password').toString('base64')),
  'another header': assigned('X-Api-Key: SECRET', some(32, hex)),
  'a header of another scheme': assigned('Authorization: token SECRET', words),
  'an Authorization header of digits': assigned('Authorization: SECRET', '73918264'),
  'an Authorization header without a scheme': assigned('Authorization: SECRET', some(24)),
  'a line of .env': assigned('DB_PASSWORD=SECRET', words),
  'an exported variable': assigned('export GITHUB_TOKEN="SECRET"', words),
  'a field of JSON': assigned('{"user":"a","password":"SECRET"}'),
  'a field of JSON in JSON': assigned('{\\"client_secret\\":\\"SECRET\\"}', words),
  'a field of YAML': assigned('password: SECRET'),
  'a field of TOML': assigned('api_key = "SECRET"', words),
  'an option': assigned('--password=SECRET', words),
  'a numeric password': assigned('"password": "SECRET"', '73918264'),
};

/** Names of fields, headers and variables whose values are secret, whatever they look like. */
export const plantedFields: readonly string[] = [
  ...[
    'x-api-key',
    'token',
    'auth_token',
    'secret',
    'private_key',
    'sessionToken',
    'X-Goog-Api-Key',
    'passwd',
    'GITHUB_TOKEN',
  ],
  ...[
    'AWS_SECRET_ACCESS_KEY',
    'api_key',
    'password',
    'Authorization',
    'proxy-authorization',
    'Cookie',
    'set-cookie',
    'clientSecret',
  ],
  ...[
    'refresh_token',
    'idToken',
    'bearer_token',
    'apikey',
    'dbPassword',
    'MYSQL_PWD',
    'GH_PAT',
    'NPM_AUTH',
    'SIGNING_KEY',
    'credentials',
  ],
  ...[
    'SENTRY_DSN',
    'connectionString',
    'passphrase',
    'STRIPE_KEY',
    'webhook_secret',
    'accessKeyId',
    'experimental_bearer_token',
  ],
];

/** Where a text with a secret can stand in a message. */
export const plantedPlaces: Readonly<Record<string, (text: string) => JsonValue>> = {
  'a text of its own': (text) => ({ text }),
  'in the middle of prose': (text) => ({ text: `First line\nI found ${text} in there, and no more.` }),
  'in a list of a list': (text) => ({ list: [['a', [text]]] }),
  'the name of a member': (text) => ({ [text]: 1 }),
  'JSON in a text': (text) => ({ aggregatedOutput: JSON.stringify({ out: text }) }),
  'JSON in JSON in a text': (text) => ({ output: JSON.stringify({ out: JSON.stringify({ inner: text }) }) }),
};
