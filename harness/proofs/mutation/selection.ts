import { isDeepStrictEqual } from 'node:util';
import { describeShard, partOf, type Shard } from '../../run/shard.ts';
import { sample } from '../sample.ts';
import type { MutatedPart, MutatorSet } from './instrument.ts';
import type { MutantResult } from './try-mutant.ts';
import type { Mutant } from './types.ts';

export const judges = ['goldens', 'tests', 'both'] as const;
export type Judge = (typeof judges)[number];

/** Which mutants were tried, and from which sources: the line before their results. */
export interface Selection {
  kind: 'selection';
  schemaVersion: 1;
  /** Who made the mutants; absent: Stryker. */
  mutators?: MutatorSet;
  /** What they are mutants of; absent: the SDK. */
  of?: MutatedPart;
  /** What may notice them; absent: goldens. */
  by?: Judge;
  /** Starts of paths; empty for every file that is mutated. */
  files: string[];
  /** Globs and family of the scenarios that may notice; null: all. */
  scenario: string | null;
  family: string | null;
  seed: number;
  /** The requested number; the SDK may have fewer. */
  count: number;
  /** Which part of the sample; null: the whole. */
  shard: Shard | null;
  /** The survivors of an earlier run were tried again, and its other results were kept. */
  again: boolean;
  /** How many results follow once all have been tried. */
  chosen: number;
  /** Digests of what decides the results, by part (`readSources`). */
  inputs: Record<string, string>;
}

/** The results after one selection line. */
export interface Part {
  /** `FILE:LINE` of the selection. */
  place: string;
  /** undefined if the results have no selection line. */
  selection: Selection | undefined;
  results: MutantResult[];
}

/** The same for the same change of the same text. */
export const mutantKey = ({ file, line, column, mutator, original, replacement }: Mutant): string =>
  JSON.stringify([file, line, column, mutator, original, replacement]);

/** Why the parts do not match their selections, alone or together; undefined if they do. Shards may be missing. */
export function partsProblem(parts: readonly Part[]): string | undefined {
  const [first] = parts;
  if (first === undefined) return 'there is no result';
  const seen = new Map<string, string>();
  for (const { place, selection, results } of parts) {
    if (selection === undefined) return `${place} does not say which mutants were selected`;
    if (results.length !== selection.chosen)
      return `${place} has ${results.length} of the ${selection.chosen} mutants that were selected`;
    if (!isDeepStrictEqual(common(selection), first.selection && common(first.selection)))
      return `${place} is of another selection or other sources than ${first.place}`;
    for (const result of results) {
      const other = seen.get(mutantKey(result));
      if (other !== undefined) return `${result.file}:${result.line} is in ${other} and again in ${place}`;
      seen.set(mutantKey(result), place);
    }
  }
  return undefined;
}

/** Why the parts are not the whole of what was selected; undefined if they are. */
export function wholeProblem(parts: readonly Part[]): string | undefined {
  const problem = partsProblem(parts);
  if (problem !== undefined) return problem;
  const shards = parts.flatMap(({ selection }) => selection?.shard ?? []);
  const [{ count } = { count: 0 }] = shards;
  if (shards.length === 0)
    return parts.length > 1 ? `${parts[1]?.place} is no shard, as ${parts[0]?.place}` : undefined;
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter(
    (index) => !shards.some((shard) => shard.index === index),
  );
  if (missing.length === 0) return undefined;
  return `shard ${missing.map((index) => describeShard({ index, count })).join(', ')} is missing`;
}

/** What all parts of one sample have in common. */
const common = ({ shard, chosen: _chosen, ...rest }: Selection) => ({ ...rest, shards: shard?.count });

/**
 * A sample of the mutants, or the part of it that a shard has.
 * @returns undefined where no mutated file has such a path
 */
export function chooseMutants(
  mutants: readonly Mutant[],
  { files, count, seed, shard }: Pick<Selection, 'files' | 'count' | 'seed' | 'shard'>,
): Mutant[] | undefined {
  const there = mutants.filter(({ file }) => files.length === 0 || files.some((place) => file.startsWith(place)));
  if (there.length === 0) return undefined;
  const chosen = sample(there, count, seed);
  return shard === null ? chosen : partOf(chosen, shard);
}

/** The last row of each mutant, by its key: an interrupted run has one for each stage that a mutant went through. */
export const lastRows = (results: readonly MutantResult[]): Map<string, MutantResult> =>
  new Map(results.map((one) => [mutantKey(one), one]));

/** Of earlier results, the mutants that still exist: one whose place or text has changed since is no longer the same. */
export const stillThere = (mutants: readonly Mutant[], before: ReadonlyMap<string, Mutant>): Mutant[] =>
  mutants.filter((mutant) => before.has(mutantKey(mutant)));
