import { rm } from 'node:fs/promises';
import type { Folders } from './folders.ts';

/** Removes this run's cells, so that nothing is left behind. */
export async function removeCells({ cells }: Folders): Promise<void> {
  await rm(cells, { recursive: true, force: true });
}
