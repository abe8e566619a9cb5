import { existsSync } from 'node:fs';
import path from 'node:path';
import { equivalence, readEquivalents } from '../mutate/equivalents.ts';
import { readResults } from '../mutate/results-file.ts';
import { scoreOf } from '../mutate/score.ts';
import type { MutationFigures } from './types.ts';

/** A sample of fewer is somebody's trial, not a score. */
const leastMutants = 400;

/**
 * The kill score of results of `npm run parity -- mutate`.
 * @param files of its shards; default: `out/mutate/results.jsonl`, if it is there
 * @returns undefined where there is none, or one of fewer mutants than the sample has
 */
export async function readMutation(root: string, files: readonly string[] = []): Promise<MutationFigures | undefined> {
  const last = path.join(root, 'out', 'mutate', 'results.jsonl');
  if (files.length === 0 && !existsSync(last)) return undefined;
  const results = await readResults(files.length === 0 ? [last] : files);
  if (results.length < leastMutants) return undefined;
  const { counted, noticed, low } = scoreOf(results, equivalence(root, readEquivalents(root)));
  return { mutants: counted, killed: noticed, low: Math.round(low * 1e4) / 1e4 };
}
