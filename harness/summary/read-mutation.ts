import { existsSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { roundedDown } from '../../testing/text.ts';
import { equivalence, readEquivalents } from '../proofs/mutation/equivalents.ts';
import { readParts } from '../proofs/mutation/results-file.ts';
import { scoreOf } from '../proofs/mutation/score.ts';
import { type Part, wholeProblem } from '../proofs/mutation/selection.ts';
import { HistoryError, type MutationFigures } from './history-entry.ts';

/** A smaller sample is an experiment, not a score. */
const leastMutants = 400;

/**
 * The kill score from results of `npm run parity -- mutation`, if they are a whole sample of the run's sources.
 * @param files the files of its shards; default: `out/mutation/results.jsonl`, if it exists
 * @param inputs digests of the run's sources
 * @param onLeftOut called with the reason if the default file gives no score: it may be old or of anything
 * @throws HistoryError if named files give no score
 */
export async function readMutation(
  root: string,
  files: readonly string[],
  inputs: Record<string, string>,
  onLeftOut: (why: string) => void,
): Promise<MutationFigures | undefined> {
  const last = path.join(root, 'out', 'mutation', 'results.jsonl');
  if (files.length === 0 && !existsSync(last)) return undefined;
  const parts = await readParts(files.length === 0 ? [last] : files);
  const problem = problemOf(parts, inputs);
  if (problem !== undefined) {
    if (files.length > 0) throw new HistoryError(`Adding to the history: no kill score: ${problem}`);
    onLeftOut(problem);
    return undefined;
  }
  const results = parts.flatMap((part) => part.results);
  const { counted, noticed, low } = scoreOf(results, equivalence(root, await readEquivalents(root)));
  return { mutants: counted, killed: noticed, low: roundedDown(low, 4) };
}

function problemOf(parts: readonly Part[], inputs: Record<string, string>): string | undefined {
  const problem = wholeProblem(parts);
  if (problem !== undefined) return problem;
  const [{ place, selection } = { place: '', selection: undefined }] = parts;
  if (selection === undefined) return 'there is no result';
  const { files, scenario, family } = selection;
  const { mutators = 'stryker', by = 'goldens' } = selection;
  if (mutators !== 'stryker' || by !== 'goldens')
    return `expected mutants of stryker, judged by goldens, got ${place}, of ${mutators}, by ${by}`;
  const limits = [...files, scenario, family].filter((limit) => limit !== null);
  if (limits.length > 0)
    return `expected a sample of everything, got ${place}, which is limited to ${limits.join(', ')}`;
  const tried = parts.reduce((sum, { results }) => sum + results.length, 0);
  if (tried < leastMutants) return `expected a sample of at least ${leastMutants} mutants, got ${tried} in ${place}`;
  if (isDeepStrictEqual(selection.inputs, inputs)) return undefined;
  const other = Object.keys(inputs).filter((part) => selection.inputs[part] !== inputs[part]);
  return `${place} is of other ${other.join(' and ') || 'sources'} than the run; npm run parity -- mutation tries them anew`;
}
