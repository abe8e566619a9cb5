import type { CellPaths } from '../observation/types.ts';

/**
 * The clean environment of every program that a cell runs: drivers are started with it, and the engine gets it from its client, which
 * merges its own on top. Nothing of the host's environment is in it, so that a proxy, a locale or a key of the host decides nothing.
 */
export function baseEnv(): Record<string, string> {
  const env: Record<string, string> = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TERM: 'dumb',
    TZ: 'UTC',
    LANG: 'C.UTF-8',
  };
  if (process.platform === 'win32') {
    // No program starts on Windows without its system folder.
    for (const key of ['SystemRoot', 'PATH']) env[key] = process.env[key] ?? '';
  }
  return env;
}

/** What a client is given as its configuration's `env`: the base and the cell's own folders. */
export function cellEnv(paths: CellPaths): Record<string, string> {
  return {
    ...baseEnv(),
    HOME: paths.home,
    CODEX_HOME: paths.codexHome,
    TMPDIR: paths.tmp,
    SCRIPTED_KEY: 'scripted',
    OPENAI_API_KEY: '',
  };
}
