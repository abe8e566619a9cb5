import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes a temporary file next to the target, then renames it: the file is complete or unchanged. Creates its folder.
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  // Unforeseeable, and never over what is there: the folder may be one where others write too.
  const beside = `${file}.${randomBytes(8).toString('hex')}.new`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(beside, text, { flag: 'wx' });
    await rename(beside, file);
  } catch (cause) {
    // Whatever prevents the writing may prevent this too; the cause is what matters.
    await rm(beside, { force: true }).catch(() => undefined);
    throw new Error(`Cannot write ${file}`, { cause });
  }
}
