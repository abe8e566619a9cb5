import { type Dirent, type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Reports every change of a file in these folders and below, including later subfolders, until the signal aborts. Each
 * folder is watched separately: on Linux, Node's recursive watching loses files that an editor replaces.
 * @param root the reported paths are relative to it, with `/`
 * @returns once all folders are watched
 */
export async function watchFolders(
  root: string,
  folders: readonly string[],
  onChange: (file: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const watchers = new Map<string, FSWatcher>();
  const add = async (folder: string): Promise<string[]> => {
    const found = await list(path.join(root, folder));
    if (found === undefined || signal.aborted || watchers.has(folder)) return [];
    let watcher: FSWatcher;
    try {
      watcher = watch(path.join(root, folder));
    } catch {
      return []; // Gone again.
    }
    watchers.set(folder, watcher);
    // The folder itself was removed.
    watcher.on('error', () => {
      watcher.close();
      watchers.delete(folder);
    });
    watcher.on('change', (kind, name) => {
      if (typeof name !== 'string') return;
      onChange(`${folder}/${name}`);
      // Perhaps a new folder, whose existing contents were never reported.
      if (kind === 'rename') void add(`${folder}/${name}`).then((files) => files.forEach(onChange));
    });
    const deeper = await Promise.all(found.folders.map((name) => add(`${folder}/${name}`)));
    return [...found.files.map((name) => `${folder}/${name}`), ...deeper.flat()];
  };
  signal.addEventListener('abort', () => {
    for (const watcher of watchers.values()) watcher.close();
  });
  await Promise.all(folders.map(add));
}

/** Undefined if it is not a folder. */
async function list(folder: string): Promise<{ files: string[]; folders: string[] } | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return undefined;
  const names = (wanted: (entry: Dirent) => boolean) => entries.filter(wanted).map(({ name }) => name);
  return {
    files: names((entry) => entry.isFile()),
    folders: names((entry) => entry.isDirectory() && entry.name !== '__pycache__'),
  };
}
