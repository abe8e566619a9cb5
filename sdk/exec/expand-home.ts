import { resolve } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { homeFolder } from '../host/folders.ts';

/**
 * An absolute path; `~` at its beginning is the home folder, as in Python's `expanduser`.
 * @throws Error for a `~` of a user without a home folder
 */
export function expandHome(path: string): string {
  return resolve(path.replace(/^~(?=$|[\\/])/, () => homeOf(path)));
}

function homeOf(path: string): string {
  const home = homeFolder();
  if (home !== undefined) return home;
  throw new Error(expectedGot(`reading the path ${path}`, 'a home folder', 'a user without one', 'Set HOME'));
}
