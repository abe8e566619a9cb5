import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Those that are still there. */
const folders = new Set<string>();

/** The program ends in the midst of a turn: nothing asynchronous is possible any more. */
function removeAll(): void {
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true });
    } catch {
      // A temporary file that cannot be removed is no reason to disturb the program's end.
    }
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
  // Once, however many folders there are.
  process.off('exit', removeAll).on('exit', removeAll);
  folders.add(path);
  return {
    path,
    async remove() {
      // One that cannot be removed is no reason to fail a turn either.
      await rm(path, { recursive: true }).catch(() => {});
      folders.delete(path);
    },
  };
}
