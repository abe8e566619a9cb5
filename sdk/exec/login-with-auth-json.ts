import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fromCaller } from '../errors/callers-line.ts';
import { randomId } from '../host/random-id.ts';
import { checkOptions, flag, number, type RulesFor, text } from '../options/check-options.ts';
import { CodexAuthError } from './exec-errors.ts';
import { expandHome } from './expand-home.ts';

/** Options of `loginWithAuthJson()`. */
export interface AuthJsonOptions {
  /** The login, as JSON. Default: the value of the environment variable. */
  authJson?: string;
  /** Name of the environment variable. Default: `CODEX_AUTH_JSON`. */
  envVar?: string;
  /** The file to write. Default: `~/.codex/auth.json`; `~` is the home folder. */
  path?: string;
  /** Whether to replace an existing file. Default: false. */
  overwrite?: boolean;
  /** Mode of the file. Default: 0o600, only the user can read it. */
  mode?: number;
}

export const authJsonRules: RulesFor<AuthJsonOptions> = {
  authJson: text,
  envVar: text,
  path: text,
  overwrite: flag,
  mode: number,
};

/**
 * Writes a login to where the engine looks for it, for example in a container that has it as a secret (Python:
 * `login_with_auth_json`). The file appears whole or not at all, and nobody else can read it meanwhile.
 * @returns the file's path
 * @throws CodexAuthError if there is no login, it is not JSON, or it cannot be written
 */
export async function loginWithAuthJson(options: AuthJsonOptions = {}): Promise<string> {
  return await fromCaller(loginWithAuthJson, () => writeLogin(options));
}

async function writeLogin(options: AuthJsonOptions): Promise<string> {
  checkOptions('loginWithAuthJson', options, authJsonRules);
  const { envVar = 'CODEX_AUTH_JSON', overwrite = false, mode = 0o600 } = options;
  const given = options.authJson ?? process.env[envVar];
  if (!given) throw new CodexAuthError(`Missing auth JSON (provide authJson or set ${envVar})`);
  const text = pretty(given);
  const path = placeOf(options.path || join('~', '.codex', 'auth.json'));
  if (existsSync(path) && !overwrite) return path;
  const beside = `${path}.${randomId()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(beside, text, { mode: 0o600 });
    await chmod(beside, mode);
    await rename(beside, path);
    return path;
  } catch (cause) {
    throw new CodexAuthError(`Failed to write auth file ${path}: ${(cause as Error).message}`, { cause });
  } finally {
    await rm(beside).catch(() => {});
  }
}

function placeOf(path: string): string {
  try {
    return expandHome(path);
  } catch (cause) {
    throw new CodexAuthError((cause as Error).message, { cause });
  }
}

/** Byte for byte what Python writes: keys sorted, everything but ASCII escaped. */
function pretty(given: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(given);
  } catch (error) {
    // The parser's own text quotes what it could not parse, which is a secret. So it is neither repeated nor kept as
    // the cause.
    const position = / at position \d+/.exec((error as Error).message)?.[0] ?? '';
    throw new CodexAuthError(`Invalid JSON for auth file: not JSON${position}`);
  }
  const escaped = JSON.stringify(sorted(parsed), null, 2).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${escaped}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)]));
}
