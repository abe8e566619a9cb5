import { existsSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { foreignHand, ownerOf } from './foreign-hand.ts';

/** What the choice depends on. Default: the process's own. */
export interface CellsEnvironment {
  env: NodeJS.ProcessEnv;
  home: string;
  temp: readonly string[];
  repository: string;
  isRepository(folder: string): boolean;
  /** Who could swap what stands there, in words; see `foreignHand`. */
  foreignHand(folder: string): string | undefined;
}

/**
 * Where cells are created, as an absolute path. Not within a Git repository, least of all this one, because the engine
 * looks for a root and for instructions in every folder above its workspace. Not in a temp folder, because the engine's
 * sandbox can write there; so a home below /tmp, as in a test of a fresh user, is not used. Not where another user could
 * swap a launcher that is about to be run. `TWINPROOF_CELLS` names a place, which is taken as it is or refused.
 */
export function cellsFolder(around: CellsEnvironment): string {
  const { TWINPROOF_CELLS } = around.env;
  if (TWINPROOF_CELLS) return path.resolve(TWINPROOF_CELLS);
  const candidates = [cacheFolder(around), ...(process.platform === 'win32' ? [] : ['/var/tmp'])];
  // The last resort: in the repository, where diffs are shown relative to it.
  return candidates.find((folder) => suits(folder, around)) ?? path.join(around.repository, 'out');
}

export function cellsEnvironment(repository: string): CellsEnvironment {
  const temp = [os.tmpdir(), '/tmp'].flatMap((folder) => (existsSync(folder) ? [folder, realpathSync(folder)] : []));
  const isRepository = (folder: string) => existsSync(path.join(folder, '.git'));
  return {
    ...{ env: process.env, home: os.homedir(), temp, repository, isRepository },
    foreignHand: (folder) => foreignHand(folder, [ownerOf(repository)]),
  };
}

function cacheFolder({ env: { XDG_CACHE_HOME, LOCALAPPDATA }, home }: CellsEnvironment): string {
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === 'darwin') return path.join(home, 'Library', 'Caches');
  if (process.platform === 'win32' && LOCALAPPDATA) return LOCALAPPDATA;
  return path.join(home, '.cache');
}

function suits(folder: string, { temp, isRepository, foreignHand: handOf }: CellsEnvironment): boolean {
  if (!path.isAbsolute(folder) || temp.some((one) => within(folder, one))) return false;
  if (handOf(folder) !== undefined) return false;
  for (let at = folder; ; at = path.dirname(at)) {
    if (isRepository(at)) return false;
    if (at === path.dirname(at)) return true;
  }
}

const within = (folder: string, outer: string) => folder === outer || folder.startsWith(`${outer}${path.sep}`);
