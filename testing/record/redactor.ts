import { isSecretName } from '../../sdk/redact/secret-names.ts';
import { escapeAllPlaceholders } from '../golden/placeholders.ts';
import { type JsonValue, mapChildren, mapTexts } from '../json/json.ts';
import { escapeRegExp } from '../text.ts';
import { SecretFinder } from './known-secrets.ts';
import { redact } from './redact.ts';

/** What must not be in a recording. */
export interface PrivateFacts {
  /** Known secret texts. */
  secrets: readonly string[];
  /** Folders and their placeholders. */
  paths: readonly (readonly [path: string, placeholder: string])[];
  /** The user's name on this machine, to be removed from paths. */
  user: string;
  /** The machine's name. */
  host: string;
}

/** Removes private facts from values, and counts what it removed. */
export interface Redactor {
  value(value: JsonValue): JsonValue;
  text(text: string): string;
  /**
   * The words of a command line. If an option or a setting has the name of a secret, its value is removed, however
   * short.
   */
  argv(words: readonly string[]): string[];
  /** Kinds: `secret` (known text), `credential` (by its form or its key), `path`, `user`, `host`. */
  readonly counts: Readonly<Record<string, number>>;
}

export function createRedactor(facts: PrivateFacts): Redactor {
  const counts: Record<string, number> = {};
  const count = (kind: string, by = 1) => {
    if (by > 0) counts[kind] = (counts[kind] ?? 0) + by;
  };
  const secrets = new SecretFinder(facts.secrets);
  const paths = longestFirst(
    facts.paths.flatMap(([path, placeholder]) => forms(path).map((form) => [form, placeholder] as const)),
    ([path]) => path,
  ).filter(([path]) => path.length > 1);
  // An escaped placeholder (`<\root>`) is not a path.
  const user =
    facts.user === '' ? undefined : new RegExp(`(?<!<\\\\*)([\\\\/])${escapeRegExp(facts.user)}(?![\\w.-])`, 'g');
  const host = facts.host.length < 4 ? undefined : new RegExp(`(?<![\\w-])${escapeRegExp(facts.host)}(?![\\w-])`, 'g');

  const known = (text: string) => secrets.replace(text, '<redacted:secret>', () => count('secret'));
  const machine = (text: string) => {
    let out = paths.reduce(
      (at, [path, placeholder]) => replaceFolder(at, path, placeholder, () => count('path')),
      text,
    );
    const swap = (pattern: RegExp | undefined, kind: string, by: (found: string, first: string) => string) => {
      if (pattern === undefined) return;
      out = out.replace(pattern, (found: string, first: string) => {
        count(kind);
        return by(found, first);
      });
    };
    swap(user, 'user', (_found, slash) => `${slash}<user>`);
    swap(host, 'host', () => '<host>');
    return out;
  };
  const value = (given: JsonValue): JsonValue => {
    const before = mapTexts(given, known);
    // Texts from the conversation are escaped: placeholders inserted from here on are filled in again.
    const after = withoutNamed(escapeAllPlaceholders(redact(before)));
    count('credential', marks(after) - marks(before));
    return mapTexts(after, machine);
  };
  const text = (given: string) => value(given) as string;
  return {
    value,
    text,
    argv(words) {
      return words.map((word, at) => {
        const name = optionName(words[at - 1] ?? '');
        const value = isSecretName(name) && !word.startsWith('-') ? '<redacted>' : withoutValue(word);
        if (value !== word) count('credential');
        return text(value);
      });
    },
    counts,
  };
}

/** `--api-key` → `api-key`; '' if it is not an option. */
const optionName = (word: string): string => /^--?([\w-]+)$/.exec(word)?.[1] ?? '';

/** `--config=x.api_key="…"` and `OPENAI_API_KEY=…` without the assigned value. */
function withoutValue(word: string): string {
  const [start = '', name = ''] = /^(?:--?[\w-]+=)?["']?([\w.-]+)["']?\s*=/.exec(word) ?? [];
  return isSecretName(name.slice(name.lastIndexOf('.') + 1)) && word.length > start.length
    ? `${start}<redacted>`
    : word;
}

/**
 * Private by its name, however short: `account/read` reveals the user's address, `remoteControl/status/changed` the
 * machine's name.
 */
const byName: Readonly<Record<string, string>> = { email: '<redacted:email>', serverName: '<host>' };

function withoutNamed(value: JsonValue): JsonValue {
  return mapChildren(value, (inner, key) => {
    const placeholder = typeof inner === 'string' && Object.hasOwn(byName, key) ? byName[key] : undefined;
    return placeholder ?? withoutNamed(inner);
  });
}

const marks = (value: JsonValue) => JSON.stringify(value).split('<redacted').length - 1;

/** As it is, inside a JSON text, and inside a URL. */
function forms(text: string): string[] {
  return [...new Set([text, JSON.stringify(text).slice(1, -1), encodeURI(text), encodeURIComponent(text)])];
}

/** `/home/al` must not be found in `/home/alice`. */
function replaceFolder(text: string, path: string, placeholder: string, onFound: () => void): string {
  let out = '';
  let from = 0;
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, from)) {
    const next = text[at + path.length];
    const whole = next === undefined || !/[\w-]/.test(next);
    if (whole) onFound();
    out += text.slice(from, at) + (whole ? placeholder : path);
    from = at + path.length;
  }
  return out + text.slice(from);
}

const longestFirst = <T>(list: readonly T[], text: (one: T) => string): T[] =>
  [...list].sort((a, b) => text(b).length - text(a).length);
