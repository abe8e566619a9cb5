import { expectedGot } from '../../native/expected-got.mjs';
import { sample } from '../proofs/behaviours/sample.ts';
import { readParts } from '../proofs/mutation/results-file.ts';
import { isNoticed } from '../proofs/mutation/score.ts';
import { mutantKey, partsProblem, type Selection, wholeProblem } from '../proofs/mutation/selection.ts';
import type { MutantResult } from '../proofs/mutation/try-mutant.ts';
import type { Mutant } from '../proofs/mutation/types.ts';
import { partOf } from '../run/shard.ts';
import { list, parseCount, parseShardArgument } from './arguments.ts';
import { UsageError } from './read-arguments.mjs';

/** Mutants of a sample. */
export const defaultCount = 400;
/** Fixed, so that two runs of one commit try the same mutants. */
export const defaultSeed = 1;
export interface MutationArgs {
  scenario?: string | undefined;
  family?: string | undefined;
  seed?: string | undefined;
  count?: string | undefined;
  file?: string | undefined;
  shard?: string | undefined;
  jobs?: string | undefined;
  min?: string | undefined;
  json?: string | undefined;
  from?: string | undefined;
  again?: string | undefined;
  survivors?: boolean | undefined;
  alone?: boolean | undefined;
}

/** @throws UsageError for a file that does not have all of what was selected: what it lacks would be missing for good */
export async function readBefore(file: string): Promise<{ selection: Selection | undefined; results: MutantResult[] }> {
  const parts = await readParts([file]);
  const problem = parts.length === 1 ? partsProblem(parts) : wholeProblem(parts);
  if (problem !== undefined)
    throw new UsageError(expectedGot(`reading --again ${file}`, 'all results of a sample', problem));
  const [first] = parts;
  const selection = first?.selection && { ...first.selection, ...(parts.length > 1 && { shard: null }) };
  return { selection, results: parts.flatMap(({ results }) => results) };
}

export function selectionOf(args: MutationArgs): Omit<Selection, 'again' | 'chosen' | 'inputs'> {
  return {
    kind: 'selection',
    schemaVersion: 1,
    files: list(args.file),
    scenario: args.scenario ?? null,
    family: args.family ?? null,
    seed: parseCount('seed', args.seed, defaultSeed),
    count: parseCount('count', args.count, defaultCount),
    shard: args.shard === undefined ? null : parseShardArgument(args.shard),
  };
}

export function chooseMutants(mutants: readonly Mutant[], args: MutationArgs): Mutant[] {
  const places = list(args.file);
  const there = mutants.filter(({ file }) => places.length === 0 || places.some((place) => file.startsWith(place)));
  if (there.length === 0)
    throw new UsageError(expectedGot('reading --file', "the beginning of a mutated file's path", String(args.file)));
  const chosen = sample(
    there,
    parseCount('count', args.count, defaultCount),
    parseCount('seed', args.seed, defaultSeed),
  );
  return args.shard === undefined ? chosen : partOf(chosen, parseShardArgument(args.shard));
}

/**
 * What becomes of earlier results: more scenarios notice no less, so that only survivors are tried again. A mutant whose place or text has changed since
 * is no longer the same, and is left out.
 */
export function tryAgain(mutants: readonly Mutant[], before: readonly MutantResult[]) {
  const present = new Map(mutants.map((mutant) => [mutantKey(mutant), mutant]));
  return {
    noticed: before.filter((one) => isNoticed(one) && present.has(mutantKey(one))),
    toTry: before.flatMap((one) => (isNoticed(one) ? [] : (present.get(mutantKey(one)) ?? []))),
  };
}
