import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes beside, then renames: the file is whole or as it was. Makes its folder. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}.new`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(beside, text);
    await rename(beside, file);
  } catch (cause) {
    // What stands in the way of writing may stand in the way of this too; the cause is what counts.
    await rm(beside, { force: true }).catch(() => undefined);
    throw new Error(`Cannot write ${file}`, { cause });
  }
}
