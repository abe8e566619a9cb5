import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonValue } from '../json/json.ts';

/** Names of environment variables that may hold a secret. */
export const secretEnvNames = 'key|token|secret|passw|credential|auth';

/** Shorter texts are no secrets, and would be found everywhere. */
const shortest = 8;

/** The values of an environment that may be secrets. A path (`SSH_AUTH_SOCK`) is none. */
export function envSecrets(env: Readonly<Record<string, string | undefined>>): string[] {
  const name = new RegExp(secretEnvNames, 'i');
  return Object.entries(env).flatMap(([key, value = '']) =>
    name.test(key) && value.length >= shortest && !/^[/\\~]|^[A-Z]:[/\\]/.test(value) ? [value] : [],
  );
}

/** All that the engine's `auth.json` holds and that could be a secret; none where there is no such file. */
export async function authSecrets(codexHome: string): Promise<string[]> {
  const text = await readFile(join(codexHome, 'auth.json'), 'utf8').catch(() => '');
  if (text === '') return [];
  const found: string[] = [];
  const visit = (value: JsonValue): void => {
    if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) visit(inner);
    // Words such as `chatgpt` say what kind of login it is, and dates when it was.
    else if (typeof value === 'string' && value.length >= shortest && !/^[A-Za-z]+$|^\d{4}-\d\d-\d\dT/.test(value))
      found.push(value);
  };
  try {
    visit(JSON.parse(text) as JsonValue);
  } catch {
    // A broken file may hold a key all the same.
    found.push(...text.split(/[\s"',:]+/).filter((word) => word.length >= 16));
  }
  return found;
}
