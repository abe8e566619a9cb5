import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cellsEnvironment, cellsFolder } from '../cell/cells-folder.ts';

/** Nobody can make this process's folder before it does. */
const ownName = `twinproof-cells-${randomBytes(8).toString('hex')}`;

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Where the harness reads and writes, as absolute paths. */
export interface Folders {
  repository: string;
  scenarios: string;
  goldens: string;
  ledger: string;
  /** Results of the last run. */
  out: string;
  /** Raw observations, below `out`. */
  raw: string;
  /** Folders of running cells; emptied as they end. Of this process alone, and readable by its user alone. */
  cells: string;
}

export function defaultFolders(out = path.join(repository, 'out', 'parity')): Folders {
  return {
    repository,
    scenarios: path.join(repository, 'fixtures', 'scenarios'),
    goldens: path.join(repository, 'fixtures', 'golden'),
    ledger: path.join(repository, 'fixtures', 'known-differences.yaml'),
    out,
    raw: path.join(out, 'raw'),
    cells: path.join(cellsFolder(cellsEnvironment(repository)), ownName),
  };
}

/** Where a run of a selection writes, so that the report of the whole stays. */
export const partFolder = path.join(repository, 'out', 'part');

/** Removes this run's cells, so that nothing is left behind. */
export async function removeCells({ cells }: Folders): Promise<void> {
  await rm(cells, { recursive: true, force: true });
}
