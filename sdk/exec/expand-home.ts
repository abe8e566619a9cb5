import { homedir } from 'node:os';
import { resolve } from 'node:path';

/** An absolute path; `~` at its beginning is the home folder, as Python's `expanduser` has it. */
export function expandHome(path: string): string {
  return resolve(path.replace(/^~(?=$|[\\/])/, homedir()));
}
