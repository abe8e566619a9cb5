import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A generated folder's content: file name → text. The folder holds these files and no others. */
export type GeneratedFiles = Readonly<Record<string, string>>;

/** Replaces `dir` by `files`. They are written beside it and renamed into place, so that no reader sees half a folder. */
export async function publishFolder(dir: string, files: GeneratedFiles): Promise<void> {
  await mkdir(dirname(dir), { recursive: true });
  const beside = await mkdtemp(join(dirname(dir), `.${basename(dir)}-`));
  try {
    const next = join(beside, 'next');
    await mkdir(next);
    for (const [name, text] of Object.entries(files)) await writeFile(join(next, name), text);
    await rename(dir, join(beside, 'previous')).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(next, dir);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** The files of `dir` that differ from `files`, are missing or should not be there: `name (missing)`, `name (differs)`, `name (not generated)`. */
export async function staleFiles(dir: string, files: GeneratedFiles): Promise<string[]> {
  const present = await readdir(dir).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const stale: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    if (!present.includes(name)) stale.push(`${name} (missing)`);
    else if ((await readFile(join(dir, name), 'utf8')) !== text) stale.push(`${name} (differs)`);
  }
  for (const name of present) if (files[name] === undefined) stale.push(`${name} (not generated)`);
  return stale.sort();
}
