import { readdir, readFile } from 'node:fs/promises';
import { pathInside, realPathInside } from '../data/path-inside.ts';

/**
 * The text of a workspace file, or null if there is none. For a folder, the names in it, one per line.
 * @throws Error if the path leads outside the workspace (also through a symbolic link), or the file cannot be read
 */
export async function fileContent(workspace: string, file: string): Promise<string | null> {
  const path = pathInside(workspace, file);
  try {
    return await readFile(await realPathInside(workspace, file), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EISDIR') return (await readdir(path)).sort().join('\n');
    throw error;
  }
}
