import { existsSync } from 'node:fs';
import path from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { cellPath } from '../cell/cell-path.ts';
import { normalise } from '../normalise/normalise.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import { readObservation } from '../observation/observation-file.ts';
import { type CellCoverage, coveragePath, readCoverage } from '../proofs/coverage/coverage-file.ts';
import { MergeError, mergeResults } from '../run/merge-results.ts';
import { readSources } from '../run/read-sources.ts';
import { inResults, readRunResult } from '../run/run-result.ts';
import type { JudgedRun } from './finish-run.ts';

export interface ReadRun extends JudgedRun {
  /** Raw observations, absolute, by `cellPath`. */
  sources: ReadonlyMap<string, string>;
}

/**
 * The run that the results in these folders are parts of, as if it had been one.
 * @param repository whose scenarios, goldens, ledger and code it must have been made with: counts and report are made by them
 * @throws MergeError that names the folder or the shard, when they are no whole
 */
export async function readRuns(given: readonly string[], repository: string): Promise<ReadRun> {
  const dirs = given.map((dir) => path.resolve(dir));
  const named = await Promise.all(dirs.map(async (dir) => ({ name: dir, result: await readRunResult(dir) })));
  const { result, sources } = mergeResults(named);
  for (const [part, digest] of Object.entries((await readSources(repository)).inputs)) {
    if (digest === result.inputs[part]) continue;
    const expected = result.commit === null ? 'that which they were made with' : `that of commit ${result.commit}`;
    throw new MergeError(expectedGot('merging results', `the same ${part} here, ${expected}`, 'another'));
  }
  const coverage: CellCoverage[] = [];
  for (const dir of dirs) coverage.push(...(await coverageOf(dir)));
  const observations = new Map<string, NormalisedObservation>();
  for (const cell of result.results) {
    const name = cellPath(cell);
    const source = sources.get(name);
    if (source === undefined) continue;
    const dir = dirs.find((one) => source.startsWith(`${one}${path.sep}`)) as string;
    const file = await inResults(dir, path.relative(dir, source));
    observations.set(name, normalise(await readObservation(file)));
  }
  return { result, coverage, observations, sources };
}

/** None where the run wrote none. */
async function coverageOf(dir: string): Promise<CellCoverage[]> {
  const file = coveragePath(dir);
  return existsSync(file) ? readCoverage(await inResults(dir, path.basename(file))) : [];
}
