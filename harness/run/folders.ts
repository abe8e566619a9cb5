import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Where the harness reads and writes, absolute. */
export interface Folders {
  repository: string;
  scenarios: string;
  goldens: string;
  ledger: string;
  /** Results of the last run. */
  out: string;
  /** Raw observations, below `out`. */
  raw: string;
  /** Folders of running cells; emptied as they end. */
  cells: string;
}

/**
 * Cells stand outside this repository: the engine looks for a git root and for instructions in every folder above its workspace, and would
 * find ours. Not in the temp folder either, which the engine's sandbox treats as writable. `TWINPROOF_CELLS` names another place.
 */
function cacheFolder(): string {
  const { TWINPROOF_CELLS, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (TWINPROOF_CELLS) return path.resolve(TWINPROOF_CELLS);
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches');
  if (process.platform === 'win32' && LOCALAPPDATA) return LOCALAPPDATA;
  return path.join(os.homedir(), '.cache');
}

export function defaultFolders(out = path.join(repository, 'out', 'parity')): Folders {
  return {
    repository,
    scenarios: path.join(repository, 'fixtures', 'scenarios'),
    goldens: path.join(repository, 'fixtures', 'golden'),
    ledger: path.join(repository, 'fixtures', 'known-differences.yaml'),
    out,
    raw: path.join(out, 'raw'),
    cells: path.join(cacheFolder(), 'twinproof-cells', String(process.pid)),
  };
}
