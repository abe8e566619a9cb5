/** Words that make a name a secret's, wherever they stand in it. */
const secretWords = new Set(
  `token secret password passwd passphrase passcode pass credential credentials creds apikey authtoken accesstoken
   refreshtoken idtoken bearertoken sessiontoken clientsecret privatekey secretkey accesskey cookie cookies bearer jwt dsn mnemonic hmac otp totp
   pgpass pgpassword dbpass dbpassword mysqlpwd`.split(/\s+/),
);
/** What `key` opens something behind: `api_key`, not `sort_key`. */
const keyWords = new Set(
  `api access secret private signing sign encryption crypto auth license ssh deploy service account master shared consumer
   subscription storage gpg pgp ssl tls hmac jwt webhook session vault`.split(/\s+/),
);
/** A name that ends so speaks of a secret: `token_limit`, `auth_mode`, `bearer_token_env_var`, `password_file`. */
const aboutSecrets = new Set(
  `limit limits scope scopes budget usage used count counts type types id mode url uri path paths file files dir folder name names var vars
   store policy status expiry expires expiration expire at ttl age length size format location source provider endpoint algorithm alg enabled
   required used details prefix suffix sock socket host port helper command cmd env header headers program programs description title hint
   label index budget report access discovery managed`.split(/\s+/),
);
/** Tokens that open nothing. */
const harmless =
  /^(cancel|cancellation|page|continuation|next|previous|sync|stop|start|end|input|output|total|max|min)$/;

/** `X-Api-Key`, `sessionToken` and `GITHUB_TOKEN` as words in lower case. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}

const known = new Map<string, boolean>();

/**
 * Whether a field, a header, an option or an environment variable of this name holds a secret, whatever its value looks like. By words, so that
 * `GIT_AUTHOR_NAME` and `tokenUsage` are none.
 */
export function isSecretName(name: string): boolean {
  if (name.length > 100 || /\s/.test(name)) return false;
  const before = known.get(name);
  if (before !== undefined) return before;
  const judged = judge(name);
  // A recording may have any number of keys.
  if (known.size < 10_000) known.set(name, judged);
  return judged;
}

function judge(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  const joined = words.join('');
  if (/accesskeyid$/.test(joined)) return true;
  if (aboutSecrets.has(last)) return false;
  if (/connection(string|str)$|connstr$/.test(joined)) return true;
  return words.some((word, at) => {
    const previous = words[at - 1] ?? '';
    if (word === 'token') return !harmless.test(previous);
    if (secretWords.has(word)) return word !== 'pass' || words.length > 1;
    if (word === 'key') return keyWords.has(previous) || (at === words.length - 1 && isVariable(name) && at > 0);
    // By itself it is a working folder, a pattern, a word.
    if (word === 'pwd' || word === 'pat') return at > 0 && joined !== 'oldpwd';
    if (word === 'auth') return at === words.length - 1;
    return word === 'authorization' && (at === 0 || previous === 'proxy' || previous === 'x');
  });
}

/** The names of environment variables are upper case; their keys are mostly secret, those of protocols are mostly not. */
const isVariable = (name: string): boolean =>
  /^[A-Z][A-Z\d_]*$/.test(name) && !/(PUBLIC|SORT|PRIMARY|CACHE|HOT)_?KEY$/.test(name);

/** Whether even a number is a secret under this name. */
export const isPasswordName = (name: string): boolean =>
  /passw|passphrase|passcode|pwd|secret|(?:^|[^a-z])pin$/i.test(name);
