import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Those that are still there. */
const folders = new Set<string>();

/** The program ends in the midst of a turn: nothing asynchronous is possible any more. */
function removeAll(): void {
  for (const folder of folders) removeNow(folder);
}

function removeNow(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // A temporary file that cannot be removed is no reason to fail a turn, still less the program's end.
  }
}

export interface TemporaryFolder {
  path: string;
  /** Removes it with all that is in it. Never rejects. */
  remove(): Promise<void>;
}

/**
 * A folder in the system's temporary one. It goes with `remove()`, or with the program, unless a signal kills that at once.
 * @throws Error when it cannot be made
 */
export async function makeTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  if (folders.size === 0) process.on('exit', removeAll);
  folders.add(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true }).catch(() => removeNow(path));
      if (folders.delete(path) && folders.size === 0) process.off('exit', removeAll);
    },
  };
}
