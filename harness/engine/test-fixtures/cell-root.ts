import { mkdir, mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cellsEnvironment, cellsFolder } from '../../cell/cells-folder.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** A new folder where a cell may stand, wherever the repository is: a clone in the temp folder is one too. To be removed by the test. */
export async function cellRoot(): Promise<string> {
  const place = cellsFolder(cellsEnvironment(repository));
  await mkdir(place, { recursive: true });
  return mkdtemp(path.join(place, 'twinproof-test-'));
}
