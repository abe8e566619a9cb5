import { lstatSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

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
