import { isPasswordName, isSecretName } from './secret-names.ts';

/** Whether a text that looks like a secret is not one and may stay. */
export type KeepText = (text: string) => boolean;

/** Prefixes by which services mark their keys, and what must follow at least. */
const prefixes: readonly (readonly [prefixes: string, rest: string])[] = [
  // Stripe and webhooks
  ['[sr]k_live_|[sr]k_test_|whsec_', '[A-Za-z0-9+/=]{10,}'],
  // GitHub, GitLab, Atlassian
  ['gh[pousr]_', '[A-Za-z0-9]{20,}'],
  ['github_pat_', '[A-Za-z0-9_]{20,}'],
  ['gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-|GR1348941', '[A-Za-z0-9_.-]{16,}'],
  ['AT(?:ATT3|BB|CTT3)', '[A-Za-z0-9_=.-]{16,}'],
  // Slack
  ['xox[a-z]-|xapp-|xwfp-', '[A-Za-z0-9-]{10,}'],
  // Clouds
  ['AIza', '[A-Za-z0-9_-]{30,}'],
  ['ya29\\.|GOCSPX-', '[A-Za-z0-9_-]{16,}'],
  ['do[opr]_v1_|dapi|HRKU-|nfp_|vc[a-z]_|sbp_|pul-|fo1_|r8_', '[A-Za-z0-9-]{24,}'],
  // Package registries
  ['npm_|rubygems_', '[A-Za-z0-9]{28,}'],
  ['pypi-|dckr_pat_', '[A-Za-z0-9_-]{16,}'],
  // Models and their hosts
  ['hf_|gsk_|xai-|pplx-|fw_|nvapi-|csk-|tgp_v1_|jina_', '[A-Za-z0-9-]{20,}'],
  // Other common ones
  ['shp(?:at|ca|pa|ss)_|lin_(?:api|oauth)_|ntn_|fig[do]_|sntry[su]_|phx_|NRAK-', '[A-Za-z0-9+/=]{20,}'],
  ['gls?[ac]_|hv[sb]\\.|dp\\.pt\\.|ops_ey|AGE-SECRET-KEY-1|PMAK-|sq0(?:csp|atp)-', '[A-Za-z0-9_+/=-]{20,}'],
];

const alternatives = prefixes.map(([beginning, rest]) => `(?:${beginning})${rest}`);

/** What comes before the secret and stays, the secret, and its replacement. The groups are named for the reader. */
const forms: readonly (readonly [form: RegExp, replacement: string])[] = [
  // Up to the end mark; without one, the following lines of base64. It never looks beyond the next beginning, so that
  // it stays linear.
  [
    /(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----)((?:(?!-----BEGIN )[\s\S])*?(?=-----END )|(?:\s|\\+[nr]|[A-Za-z0-9+/=]{20,})+)/g,
    '<redacted:key>',
  ],
  [/()\b(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)/g, '<redacted:jwt>'],
  [/()(?<![A-Za-z0-9])(sk-[A-Za-z0-9_-]{16,})/g, '<redacted:key>'],
  [new RegExp(`()(?<![A-Za-z0-9])(${alternatives.join('|')})`, 'g'), '<redacted:token>'],
  [
    /()(?<![A-Za-z0-9])((?:A3T[A-Z0-9]|AKIA|ASIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ABIA|ACCA)[A-Z0-9]{16})(?![A-Za-z0-9])/g,
    '<redacted:key>',
  ],
  [/()(?<![A-Za-z0-9])(SG\.[\w-]{16,}\.[\w-]{16,})/g, '<redacted:token>'],
  [/()(?<![A-Za-z0-9])((?:SK|key-)[0-9a-f]{32})(?![A-Za-z0-9])/g, '<redacted:key>'],
  [/(\b(?:bot)?)(\d{8,10}:[A-Za-z0-9_-]{35})(?![A-Za-z0-9_-])/g, '<redacted:token>'],
  [/()(?<![A-Za-z0-9])([MNO][A-Za-z\d]{23,27}\.[\w-]{6}\.[\w-]{27,})/g, '<redacted:token>'],
  [
    /(https:\/\/(?:hooks\.slack\.com\/(?:services|workflows)|discord(?:app)?\.com\/api\/webhooks)\/)([\w/-]{16,})/gi,
    '<redacted:token>',
  ],
  // `//user:password@host`, `//:password@host`; a name without a password is a secret if it looks like a key.
  [/(\/\/[^\s/?#@:"'<>\\]{0,256}:)([^\s/?#"'<>\\]{1,1024})(?=@[\w[.-])/g, '<redacted>'],
  [/(\/\/)((?=[^\s/@]{0,200}\d)[\w.~-]{16,200})(?=:?@[\w[.-])/g, '<redacted>'],
  [
    /(\bauthorization["'\\]*\s{0,4}[:=]\s{0,4}["'\\]*(?:bearer|basic|digest|token|negotiate|apikey|aws4-hmac-sha256)\s{1,4})([^\s"'<>\\,;]{4,}(?:, ?\w+=[^\s"'<>\\,;]+)*)/gi,
    '<redacted>',
  ],
  [
    /(\bauthorization["'\\]*\s{0,4}[:=]\s{0,4}["'\\]*)([\w.~+/=-]{16,}|(?=[a-z_.~+/=-]*\d)[\w.~+/=-]{6,})/gi,
    '<redacted>',
  ],
  [/(\bBearer\s{1,4})([A-Za-z0-9._~+/=-]{8,})/g, '<redacted>'],
  // They are also ordinary words: what follows must not be one.
  [/(\bbearer\s{1,4})([A-Za-z0-9._~+/=-]{16,}|(?=[A-Za-z._~+/=-]*\d)[A-Za-z0-9._~+/=-]{8,})/gi, '<redacted>'],
  [/(\b(?:[Bb]asic|BASIC)\s{1,4})((?=[A-Za-z+/]*[\d=]|[A-Za-z]{2,}[a-z][A-Z])[A-Za-z0-9+/]{8,}={0,2})/g, '<redacted>'],
  [/(\b_auth(?:Token)?\s{0,4}=\s{0,4}["']?)([^\s"'<>$]{6,})/g, '<redacted>'],
];

/** A name, what joins it to its value, and the value: quoted as a whole, or up to the next space. */
const assignment =
  /(?<![A-Za-z0-9_])([A-Za-z_][\w.-]{0,80})((?:\\*["'`])?(?:\s{0,3}(?:=>|:=|[:=])\s{0,3}))(\\*["'`])?/g;

/**
 * Where the values of assignments to secret names are: `DB_PASSWORD=…`, `"password": "…"`, `X-Api-Key: …`,
 * `--api-key=…`.
 */
function* assignedValues(text: string): Generator<{ at: number; value: string }> {
  if (!/[:=]/.test(text)) return;
  const names = new RegExp(assignment);
  for (let found = names.exec(text); found !== null; found = names.exec(text)) {
    const [all, name = '', joint = '', quote = ''] = found;
    // The value may be an assignment itself: `--config api_key=…`, `config: {"token": …`.
    names.lastIndex -= joint.length + quote.length;
    if (!isSecretName(lastPart(name))) continue;
    const at = found.index + all.length;
    const value = valueAt(text, at, quote);
    if (value === '' || !isSecretValue(value, name, joint, quote)) continue;
    yield { at, value };
    names.lastIndex = at + value.length;
  }
}

/** The values that a text assigns to secret names. */
export const assignedSecrets = (text: string): string[] => [...assignedValues(text)].map(({ value }) => value);

function withoutAssigned(text: string, keep: KeepText): string {
  let out = '';
  let from = 0;
  for (const { at, value } of assignedValues(text)) {
    if (keep(value)) continue;
    out += `${text.slice(from, at)}<redacted>`;
    from = at + value.length;
  }
  return out + text.slice(from);
}

/** `mcp_servers.tracker.env.GITHUB_TOKEN`: the last part counts. */
const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1) || name;

/** A bare value ends where a shell, a header or a list would end it. */
const bareValue = /[^\s"'`,;&|<>(){}[\]]+/y;

function valueAt(text: string, at: number, quote: string): string {
  if (quote === '') {
    bareValue.lastIndex = at;
    return bareValue.exec(text)?.[0] ?? '';
  }
  let end = text.indexOf(quote, at);
  // `"a\"b"` is one value, whose own quotes have one more backslash.
  while (end >= 0 && text[end - 1] === '\\') end = text.indexOf(quote, end + 1);
  const value = text.slice(at, end < 0 ? text.length : end);
  const line = value.indexOf('\n');
  return line < 0 ? value : value.slice(0, line);
}

/**
 * Stand-ins for a value in a text that shows how it is done: `<key>`, `$KEY`, `${key}`, `%KEY%`, `***`, and the types
 * of a schema.
 */
const standIns = /^(?:<[^<>]*>|\$[A-Z_][A-Z\d_]*|\$[{(].*|%[A-Z_]+%|[*.…]+)$/;
const types = /^(?:true|false|null|none|undefined|string|number|boolean)$/i;

function isSecretValue(value: string, name: string, joint: string, quote: string): boolean {
  if (standIns.test(value) || types.test(value)) return false;
  // A number is a secret only if it belongs to a password.
  if (/^\d+(?:\.\d+)?$/.test(value)) return isPasswordName(name) && value.length >= 4;
  // A program text such as `token = next()` stays: a bare value must look like a secret.
  if (quote !== '') return true;
  // `NAME=value`, as a shell and a `.env` file have it.
  if (joint === '=' && (isUpper(name) || value.length >= 8)) return true;
  return value.length >= 16 || (value.length >= 6 && /\d/.test(value) && /[A-Za-z]/.test(value));
}

const isUpper = (name: string): boolean => name === name.toUpperCase();

/** A part of every form and of every secret name: what has none of them needs no closer look. */
const suspicious = new RegExp(
  [
    ...prefixes.map(([beginning]) => beginning),
    '-----BEGIN|eyJ|sk-|A3T|A[KS]IA|A(?:GP|ID|RO|IP|NP|NV)A|ABIA|ACCA|SG\\.|SK[0-9a-f]|key-|\\d:[A-Za-z]|[MNO]\\w{23}|//',
    '[Bb]earer|BEARER|[Bb]asic|BASIC|_auth|[Kk]ey|KEY|[Tt]oken|TOKEN|[Ss]ecret|SECRET|[Pp]ass|PASS|[Pp]wd|PWD|[Cc]red|CRED|[Aa]uth|AUTH',
    '[Cc]ookie|COOKIE|[Dd]sn|DSN|[Jj]wt|JWT|[Mm]nemonic|MNEMONIC|[Hh]mac|HMAC|[Oo]tp|OTP|[Cc]onn|CONN|PAT\\b|[Pp]at\\b',
  ].join('|'),
);

/** Short texts that have been looked at and have nothing: most of a conversation are the same names, kinds and ids. */
const clean = new Set<string>();

/** Takes everything out of a text that has the form of a key, a token or a password, or is assigned to the name of one. */
export function redactText(text: string, keep: KeepText = () => false): string {
  if (text.length < 6 || clean.has(text) || !suspicious.test(text)) return text;
  const formed = forms.reduce(
    (out, [form, replacement]) =>
      out.replace(form, (found: string, before: string, secret: string) =>
        keep(secret) ? found : `${before}${replacement}`,
      ),
    text,
  );
  const out = withoutAssigned(formed, keep);
  if (out === text && text.length <= 64 && clean.size < 10_000) clean.add(text);
  return out;
}
