import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the engine's own `auth.json`, which the fake neither reads nor writes: it may be somebody's real one. */
const fileName = 'fake-login.json';

/** How `login status` calls the login that is there; undefined where there is none. Nothing is kept without a `CODEX_HOME`. */
export function readLogin(codexHome: string | undefined): string | undefined {
  if (codexHome === undefined) return undefined;
  try {
    return String((JSON.parse(readFileSync(join(codexHome, fileName), 'utf8')) as { login: unknown }).login);
  } catch {
    return undefined;
  }
}

/** @param login never a key: `maskedKey` of it */
export function writeLogin(codexHome: string | undefined, login: string): void {
  if (codexHome === undefined) return;
  mkdirSync(codexHome, { recursive: true });
  const file = join(codexHome, fileName);
  writeFileSync(`${file}.${process.pid}`, JSON.stringify({ login }));
  renameSync(`${file}.${process.pid}`, file);
}

/** @returns whether there was one */
export function removeLogin(codexHome: string | undefined): boolean {
  const was = readLogin(codexHome) !== undefined;
  if (was) rmSync(join(codexHome as string, fileName), { force: true });
  return was;
}

/** A key as the engine shows it: its ends, where it is long enough to have a middle. */
export const maskedKey = (key: string): string => (key.length <= 13 ? '***' : `${key.slice(0, 8)}***${key.slice(-5)}`);
