import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { MutationFigures } from './types.ts';

/** The last kill score of `npm run parity -- mutate` (`out/mutate/score.json`); undefined where it has not run. */
export async function readMutation(root: string): Promise<MutationFigures | undefined> {
  const file = path.join(root, 'out', 'mutate', 'score.json');
  if (!existsSync(file)) return undefined;
  const { mutants, killed, low } = JSON.parse(await readFile(file, 'utf8')) as MutationFigures;
  return { mutants, killed, low };
}
