import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { userCacheFolder } from '../../native/user-cache.mjs';

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
  const candidates = [userCacheFolder(around), ...(process.platform === 'win32' ? [] : ['/var/tmp'])];
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

function suits(folder: string, { temp, isRepository, foreignHand: handOf }: CellsEnvironment): boolean {
  if (!path.isAbsolute(folder) || temp.some((one) => within(folder, one))) return false;
  if (handOf(folder) !== undefined) return false;
  for (let at = folder; ; at = path.dirname(at)) {
    if (isRepository(at)) return false;
    if (at === path.dirname(at)) return true;
  }
}

const within = (folder: string, outer: string) => folder === outer || folder.startsWith(`${outer}${path.sep}`);

/** What is looked at of a folder. */
export interface FolderState {
  uid: number;
  gid: number;
  mode: number;
}

const sticky = 0o1000;
const writableByGroup = 0o020;
const writableByOthers = 0o002;

/**
 * Who else could put another folder in the place of this one, or of one above it: whoever owns one of them or may write in it. A sticky folder, as
 * `/var/tmp`, lets nobody touch what is another's.
 * @param folder absolute; where it is not there yet, the nearest one above it counts
 * @param owners user ids that are trusted beside root and this process's own
 * @returns in words, undefined where nobody can; always undefined on Windows, which has no such modes
 */
export function foreignHand(folder: string, owners: readonly number[] = [], look = stateOf): string | undefined {
  if (process.platform === 'win32') return undefined;
  const trusted = new Set([0, process.geteuid?.(), ...owners]);
  for (let at = existing(folder); ; at = path.dirname(at)) {
    const { uid, gid, mode } = look(at);
    if (!trusted.has(uid)) return `${at}, which belongs to user ${uid}`;
    const shared = (mode & writableByOthers) !== 0 || ((mode & writableByGroup) !== 0 && gid !== process.getegid?.());
    if (shared && (mode & sticky) === 0) return `${at}, in which others may write`;
    if (at === path.dirname(at)) return undefined;
  }
}

/** The owner of a folder: whose programs this process runs may as well own its cells. */
export const ownerOf = (folder: string): number => statSync(folder).uid;

function stateOf(folder: string): FolderState {
  const { uid, gid, mode } = lstatSync(folder);
  return { uid, gid, mode };
}

/** The folder without symbolic links, or the nearest one above it that is there. */
function existing(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    // Not there, below a file, or not to be looked at: whoever uses it will be told.
    if (folder === path.dirname(folder)) throw error;
    return existing(path.dirname(folder));
  }
}
