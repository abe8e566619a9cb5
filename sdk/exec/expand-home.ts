import { homedir } from 'node:os';
import { resolve } from 'node:path';

/** An absolute path. A leading `~` is the home folder, as in Python's `expanduser`. */
export function expandHome(path: string): string {
  return resolve(path.replace(/^~(?=$|[\\/])/, homedir()));
}
