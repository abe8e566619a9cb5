import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { packageRoot } from '../../native/package-root.mjs';

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
  const tee = join(packageRoot(), 'testing/engine/tee.mjs');
  return writeNodeLauncher(options.folder, [tee, optionsFile], { hand: true });
}

/** What changes how Node itself runs: https://nodejs.org/api/cli.html#environment-variables, and its OpenSSL's. */
const nodeVariables = [
  ...[
    'OPTIONS',
    'PATH',
    'V8_COVERAGE',
    'DEBUG',
    'DEBUG_NATIVE',
    'EXTRA_CA_CERTS',
    'ICU_DATA',
    'NO_WARNINGS',
    'REDIRECT_WARNINGS',
  ],
  ...[
    'PENDING_DEPRECATION',
    'PENDING_PIPE_INSTANCES',
    'PRESERVE_SYMLINKS',
    'PRESERVE_SYMLINKS_MAIN',
    'SKIP_PLATFORM_CHECK',
  ],
  ...[
    'COMPILE_CACHE',
    'COMPILE_CACHE_PORTABLE',
    'DISABLE_COMPILE_CACHE',
    'TEST_CONTEXT',
    'TLS_REJECT_UNAUTHORIZED',
    'UNIQUE_ID',
  ],
  ...[
    'CHANNEL_FD',
    'CHANNEL_SERIALIZATION_MODE',
    'USE_SYSTEM_CA',
    'USE_ENV_PROXY',
    'DISABLE_COLORS',
    'REPL_EXTERNAL_MODULE',
  ],
].map((name) => `NODE_${name}`);

/** The variables of Node that the program of a launcher must not have: those that are known, and those of this process. */
export const foreignNodeVariables = (): string[] => [
  ...new Set([...nodeVariables, 'OPENSSL_CONF', ...Object.keys(process.env).filter((name) => /^NODE_\w+$/.test(name))]),
];

/**
 * Writes the script `codex` in `folder`. It runs Node with these arguments, followed by its own, and without what the host's environment says of Node:
 * a preload or a coverage folder of a test's process is not for the engine that it starts.
 * @param options `hand`: what was taken away is in variables named `TWINPROOF_HAND_` and the name, for a program that hands it on
 * @returns its absolute path
 * @throws Error on Windows, like `writeLauncher`
 */
export async function writeNodeLauncher(
  folder: string,
  nodeArgs: readonly string[],
  { hand = false }: { hand?: boolean } = {},
): Promise<string> {
  if (process.platform === 'win32') {
    throw new Error(expectedGot('writing the launcher', 'Linux or macOS', 'Windows'));
  }
  const launcher = join(folder, 'codex');
  const words = [process.execPath, ...nodeArgs].map(quote);
  const names = foreignNodeVariables();
  const take = hand
    ? `for n in ${names.join(' ')}; do eval '[ -z "\${'$n'+x}" ] || export TWINPROOF_HAND_'$n'="$'$n'"'; done\n`
    : '';
  await writeFile(launcher, `#!/bin/sh\n${take}unset ${names.join(' ')}\nexec ${words.join(' ')} "$@"\n`);
  await chmod(launcher, 0o755);
  return launcher;
}

/** Quotes any text as one word of a POSIX shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
