import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isSecretName } from '../../testing/record/redact.ts';

/** Shorter ones stand in other words, and a single word (`disabled`) is a setting. */
const isSecret = (value: string): boolean => value.length >= 8 && !/^[A-Za-z]+$/.test(value) && !path.isAbsolute(value);

const secretVariable = /api_?key|token|secret|passw|credential|authorization/i;

/**
 * What this machine's user must not find in any file of a run: keys and tokens of the environment, and of the `auth.json` of their own CODEX_HOME. Cells get
 * neither; this is for the day on which one does.
 */
export function machineSecrets(env: NodeJS.ProcessEnv = process.env, home = os.homedir()): string[] {
  const ofEnvironment = Object.entries(env).flatMap(([name, value]) =>
    secretVariable.test(name) && value !== undefined ? [value] : [],
  );
  const found = [...ofEnvironment, ...ofAccount(path.join(env.CODEX_HOME ?? path.join(home, '.codex'), 'auth.json'))];
  return [...new Set(found.filter(isSecret))];
}

function ofAccount(file: string): string[] {
  try {
    return named(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return []; // None, or one that no engine could read either.
  }
}

function named(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' && isSecretName(key) ? [inner] : named(inner),
  );
}
