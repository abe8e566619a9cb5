import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Folders } from './folders.ts';

/** Removes this run's cells, and the folder of all runs' cells once it is empty, so that nothing is left behind. */
export async function removeCells({ cells }: Folders): Promise<void> {
  await rm(cells, { recursive: true, force: true });
  // Not empty: another run is in progress.
  await rmdir(path.dirname(cells)).catch(() => undefined);
}
