// @ts-check
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder that this user's programs keep things in that can be made again.
 * @param {{ env?: NodeJS.ProcessEnv, home?: string, platform?: string }} [around] default: the process's own
 */
export function userCacheFolder({ env = process.env, home, platform = process.platform } = {}) {
  if (env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME;
  if (platform === 'win32' && env.LOCALAPPDATA) return env.LOCALAPPDATA;
  const own = home ?? homeOf(env);
  return platform === 'darwin' ? join(own, 'Library', 'Caches') : join(own, '.cache');
}

/**
 * Where `twinproof install` and `twinproof build` keep engines for this user: `TWINPROOF_CACHE` or the user's cache folder.
 * @param {Parameters<typeof userCacheFolder>[0]} [around]
 */
export function userEnginesFolder(around = {}) {
  const named = (around.env ?? process.env).TWINPROOF_CACHE;
  return named ? join(named, 'engines') : join(userCacheFolder(around), 'twinproof', 'engines');
}

/** A user without a name and without HOME has no home: the look-up of the system fails then. @param {NodeJS.ProcessEnv} env */
function homeOf(env) {
  const named = process.platform === 'win32' ? env.USERPROFILE : env.HOME;
  if (named) return named;
  try {
    return homedir();
  } catch {
    return '/';
  }
}
