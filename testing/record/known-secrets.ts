import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { homeFolder } from '../../sdk/host/folders.ts';
import { assignedSecrets } from '../../sdk/redact/secret-forms.ts';
import { isSecretName } from '../../sdk/redact/secret-names.ts';
import { isObject, type JsonValue } from '../json/json.ts';
import { readJson } from '../json/read-json.ts';
import { escapeRegExp } from '../text.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Shorter texts would occur everywhere. */
const shortest = 6;

/** Values of a variable such as `X_TOKEN` that are settings. */
const settings =
  /^(?:true|false|yes|no|on|off|none|null|undefined|auto|always|never|default|enabled?|disabled?|required|optional|prompt|keyring|keychain|file|basic|bearer|oauth2?|apikey|api_key|chatgpt|password|secret|token|changeme|\d{1,7})$/i;

/**
 * Everything secret that an engine with this environment could reveal: values of variables, of `auth.json`, and of the
 * `config.toml` and `.env` next to it.
 */
export function knownSecrets(env: Environment = process.env, home = env.HOME || (homeFolder() ?? '/')): string[] {
  const codexHome = env.CODEX_HOME || join(home, '.codex');
  return [...new Set([...environmentSecrets(env), ...accountSecrets(codexHome), ...configuredSecrets(codexHome)])];
}

/** The values of variables whose name says that they are secret, and the passwords in URLs. */
export function environmentSecrets(env: Environment): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => [
    ...(isSecretName(name) && isSecretValue(value) && !isFile(value) ? [value] : []),
    ...passwordsIn(value),
  ]);
}

/** Everything in the engine's `auth.json` that could be a secret; empty if there is no such file. */
export function accountSecrets(codexHome: string): string[] {
  const text = textOf(join(codexHome, 'auth.json'));
  if (text === '') return [];
  try {
    return textsIn(readJson(text), '').filter(isSecretValue);
  } catch {
    // A broken file may still contain a key.
    return text.split(/[\s"',:{}[\]]+/).filter((word) => word.length >= 16);
  }
}

function configuredSecrets(codexHome: string): string[] {
  return ['config.toml', '.env']
    .flatMap((name) => {
      const text = textOf(join(codexHome, name));
      return [...assignedSecrets(text), ...passwordsIn(text)];
    })
    .filter((value) => isSecretValue(value) && !isFile(value));
}

/**
 * Words such as `chatgpt` name the kind of login, and dates when it happened. They are not secret unless their name
 * says so.
 */
function textsIn(value: JsonValue, name: string): string[] {
  if (typeof value === 'string')
    return isSecretName(name) || !/^[A-Za-z]+$|^\d{4}-\d\d-\d\dT/.test(value) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((inner) => textsIn(inner, name));
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => textsIn(inner, key)) : [];
}

function passwordsIn(text: string): string[] {
  const found = [...text.matchAll(/\/\/[^\s/?#@:"'<>\\]{0,256}:([^\s/?#"'<>\\]{1,1024})@[\w[.-]/g)];
  return [...new Set(found.flatMap(([, password = '']) => [password, decoded(password)]))].filter(isSecretValue);
}

const isSecretValue = (value: string): boolean => value.trim().length >= shortest && !settings.test(value.trim());

/**
 * A path is not a secret, although a secret in base64 may also start with a slash; the machine knows which of them are
 * folders.
 */
function isFile(value: string): boolean {
  if (!/^[/\\~]|^[A-Z]:[/\\]/.test(value)) return false;
  if (/^~|^[A-Z]:/.test(value) || existsSync(value)) return true;
  const folder = dirname(value);
  return folder !== '/' && existsSync(folder);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Finds secrets however they are written: as they are, inside JSON and nested JSON, in URLs, in hexadecimal, in base64.
 */
export class SecretFinder {
  readonly #plain: RegExp | undefined;
  readonly #coded: RegExp | undefined;

  constructor(secrets: readonly string[]) {
    const given = [...new Set(secrets)].filter((secret) => secret !== '');
    this.#plain = oneOf(given.flatMap(plainForms));
    this.#coded = oneOf(given.filter((secret) => secret.length >= 8).flatMap(codedForms));
  }

  /** Whether there is nothing to look for. */
  get empty(): boolean {
    return this.#plain === undefined;
  }

  /** @param onFound called once for each occurrence */
  replace(text: string, placeholder: string, onFound: () => void = () => {}): string {
    const plain = this.#plain === undefined ? text : replaced(text, this.#plain, placeholder, onFound, () => false);
    return this.#coded === undefined ? plain : replaced(plain, this.#coded, placeholder, onFound, isCode);
  }
}

/** The edges of base64 depend on the neighbours of the secret, and are removed with it. */
const isCode = (char: string | undefined): boolean => char !== undefined && /[A-Za-z0-9+/_=-]/.test(char);

function replaced(
  text: string,
  pattern: RegExp,
  placeholder: string,
  onFound: () => void,
  goesAlong: (char: string | undefined) => boolean,
): string {
  let out = '';
  let from = 0;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    let start = found.index;
    let end = start + found[0].length;
    while (start > from && goesAlong(text[start - 1])) start -= 1;
    while (goesAlong(text[end])) end += 1;
    onFound();
    out += text.slice(from, start) + placeholder;
    from = end;
    pattern.lastIndex = end;
  }
  return from === 0 ? text : out + text.slice(from);
}

function oneOf(texts: readonly string[]): RegExp | undefined {
  if (texts.length === 0) return undefined;
  // One may be the beginning of another.
  const longestFirst = [...new Set(texts)].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(escapeRegExp).join('|'), 'g');
}

function plainForms(secret: string): string[] {
  const json = inJson(secret);
  const wellFormed = Buffer.from(secret).toString();
  return [secret, json, inJson(json), encodeURI(wellFormed), encodeURIComponent(wellFormed)];
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

function codedForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  // In the base64 of a longer text, it has one of three offsets.
  const base64 = [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const whole = text.slice(offset === 0 ? 0 : offset + 1, (bytes.length + offset) % 3 === 0 ? undefined : -1);
    return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [hex, hex.toUpperCase(), ...base64];
}
