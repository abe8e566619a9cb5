import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';

/**
 * An absolute path inside a folder, by its words alone: whether links lead out of it is a matter of `realPathInside`.
 * @param where how the folder is named in the error
 * @throws Error if the path leads out of it
 */
export function pathInside(folder: string, file: string, where = 'the workspace'): string {
  const path = resolve(folder, file);
  if (isAbsolute(file) || file.includes('\0') || !isBelow(folder, path))
    throw new Error(expectedGot('using a path', `a relative path inside ${where}`, JSON.stringify(file)));
  return path;
}

/**
 * The same for a file that is there: its place behind all symbolic links is inside the folder too.
 * @throws Error if the path or a link leads out of it, or nothing is there
 */
export async function realPathInside(folder: string, file: string, where?: string): Promise<string> {
  const real = await realpath(pathInside(folder, file, where));
  if (isBelow(await realpath(folder), real)) return real;
  throw new Error(
    expectedGot(
      'using a path',
      `a file inside ${where ?? 'the workspace'}`,
      `a link out of it: ${JSON.stringify(file)}`,
    ),
  );
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
