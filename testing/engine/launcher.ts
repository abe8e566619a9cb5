import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Environment variables that a tee writes down: what decides the engine's behaviour, and nothing that could be a secret. */
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

/** What a launcher needs; every path is absolute. */
export interface LauncherOptions {
  /** The real engine's executable. */
  engine: string;
  /** The wire log that the tee appends to. */
  log: string;
  /** The folder for the launcher and its options file. */
  folder: string;
  /** Default: `loggedEnvKeys`. */
  envKeys?: readonly string[];
  /** A regular expression (case ignored): variables whose names match are written down too. For a log that nobody else reads. */
  envPattern?: string;
}

/**
 * Writes a `codex` of its own: a shell script that runs the tee around the real engine, with every argument passed on. It
 * carries all it needs in absolute quoted paths, because clients clean the environment that they start the engine with.
 * @returns the launcher's absolute path, to be given to a client as its `codex_bin`.
 * @throws Error on Windows, where a script that can stand as `codex_bin` would be a `.cmd`: it needs a shell, which this project never starts.
 */
export async function writeLauncher(options: LauncherOptions): Promise<string> {
  const optionsFile = join(options.folder, 'tee.json');
  const { engine, log, envKeys = loggedEnvKeys, envPattern } = options;
  await writeFile(optionsFile, `${JSON.stringify({ engine, log, envKeys, envPattern })}\n`);
  const tee = fileURLToPath(new URL('tee.mjs', import.meta.url));
  return writeNodeLauncher(options.folder, [tee, optionsFile]);
}

/**
 * Writes the script `codex` in `folder`, which runs Node with these arguments and its own behind them.
 * @returns its absolute path.
 * @throws Error on Windows, as `writeLauncher`.
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

/** One word of a POSIX shell, whatever stands in it. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
