import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Environment variables that a tee logs: those that decide the engine's behaviour, and none that could be a secret. */
export const loggedEnvKeys = [
  'CODEX_HOME',
  'CODEX_INTERNAL_ORIGINATOR_OVERRIDE',
  'HOME',
  'LANG',
  'PATH',
  'TERM',
  'TMPDIR',
  'TZ',
] as const;

/** What a launcher needs. Every path is absolute. */
export interface LauncherOptions {
  /** The real engine's executable. */
  engine: string;
  /** The wire log that the tee appends to. */
  log: string;
  /** The folder for the launcher and its options file. */
  folder: string;
  /** Default: `loggedEnvKeys`. */
  envKeys?: readonly string[];
  /**
   * A regular expression (ignoring case): variables with a matching name are logged too. For a log that nobody else
   * reads.
   */
  envPattern?: string;
}

/**
 * Writes a `codex` launcher: a shell script that runs the tee around the real engine and passes on every argument. All
 * paths in it are absolute and quoted, because clients clean the environment that they start the engine with.
 * @returns the launcher's absolute path; pass it to a client as `codex_bin`
 * @throws Error on Windows: a script that can stand for `codex_bin` would be a `.cmd`, which needs a shell, and this
 * project never starts one
 */
export async function writeLauncher(options: LauncherOptions): Promise<string> {
  const optionsFile = join(options.folder, 'tee.json');
  const { engine, log, envKeys = loggedEnvKeys, envPattern } = options;
  await writeFile(optionsFile, `${JSON.stringify({ engine, log, envKeys, envPattern })}\n`);
  const tee = fileURLToPath(new URL('tee.mjs', import.meta.url));
  return writeNodeLauncher(options.folder, [tee, optionsFile]);
}

/**
 * Writes the script `codex` in `folder`. It runs Node with these arguments, followed by its own.
 * @returns its absolute path
 * @throws Error on Windows, like `writeLauncher`
 */
export async function writeNodeLauncher(folder: string, nodeArgs: readonly string[]): Promise<string> {
  if (process.platform === 'win32') {
    throw new Error('Writing the launcher: Windows has none yet; wanted Linux or macOS for a cell');
  }
  const launcher = join(folder, 'codex');
  const words = [process.execPath, ...nodeArgs].map(quote);
  await writeFile(launcher, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  await chmod(launcher, 0o755);
  return launcher;
}

/** Quotes any text as one word of a POSIX shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
