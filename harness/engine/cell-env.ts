import { loggedEnvKeys } from '../../testing/engine/launcher.ts';
import type { CellPaths } from '../observation/types.ts';
import type { Scenario } from '../scenario/types.ts';

/**
 * The clean environment of every program in a cell: drivers are started with it, and the client passes it to the engine
 * with its own variables added. It contains nothing of the host's environment, so that no proxy, locale or key of the
 * host decides anything.
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

/** What a client gets as `env` in its configuration: the base and the cell's own folders. */
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

/** What the exec clients set, or hand on from their own process. The values are the scenario's own, not secrets. */
const execKeys = ['CODEX_API_KEY', 'OPENAI_BASE_URL', 'TWINPROOF_PARENT', 'TWINPROOF_GIVEN'];

/** The environment variables of the engine that a cell's observation contains. */
export const loggedKeys = ({ family }: Pick<Scenario, 'family'>): string[] => [
  ...loggedEnvKeys,
  ...(family === 'exec' ? execKeys : []),
];
