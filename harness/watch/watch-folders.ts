import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Tells of every change of a file in these folders and below, those that come later too, until the signal aborts. Each folder is watched by itself: Node's
 * recursive watching loses files that an editor replaces on Linux.
 * @param root the paths told are relative to it, with `/`
 * @returns once all folders are watched
 */
export async function watchFolders(
  root: string,
  folders: readonly string[],
  onChange: (file: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const watchers = new Map<string, FSWatcher>();
  const add = async (folder: string): Promise<void> => {
    if (signal.aborted || watchers.has(folder)) return;
    let watcher: FSWatcher;
    try {
      watcher = watch(path.join(root, folder));
    } catch {
      return; // Gone again, or never a folder.
    }
    watchers.set(folder, watcher);
    const forget = () => {
      watcher.close();
      watchers.delete(folder);
    };
    // The folder itself was removed.
    watcher.on('error', forget);
    watcher.on('change', (kind, name) => {
      if (typeof name !== 'string') return;
      const file = `${folder}/${name}`;
      onChange(file);
      if (kind === 'rename') void add(file).then(() => undefined);
    });
    await Promise.all((await subfolders(path.join(root, folder))).map((name) => add(`${folder}/${name}`)));
  };
  signal.addEventListener('abort', () => {
    for (const watcher of watchers.values()) watcher.close();
  });
  await Promise.all(folders.map(add));
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && entry.name !== '__pycache__').map(({ name }) => name);
}
