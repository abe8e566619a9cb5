import { readdir, readFile, realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { pathInside } from './workspace.ts';

/**
 * The text of a workspace file, or null if there is none. For a folder, the names in it, one per line.
 * @throws Error if the path leads outside the workspace (also through a symbolic link), or the file cannot be read
 */
export async function fileContent(workspace: string, file: string): Promise<string | null> {
  const path = pathInside(workspace, file);
  try {
    const real = await realpath(path);
    const inside = relative(await realpath(workspace), real);
    if (inside === '..' || inside.startsWith(`..${sep}`)) {
      throw new Error(`Checking the file ${file}: it is a link out of the workspace`);
    }
    return await readFile(real, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EISDIR') return (await readdir(path)).sort().join('\n');
    throw error;
  }
}
