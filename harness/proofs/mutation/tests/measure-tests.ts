import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { runAll } from '../../../run/run-all.ts';
import { digestOf } from '../digest-of.ts';
import { instrument, type MutatedPart, type MutatorSet, mutatedParts } from '../instrument.ts';
import type { Mutant } from '../types.ts';
import { MutantTree } from './mutant-tree.ts';
import { measureReach, type TestReach } from './reach.ts';
import { reachedAtLoading, type TestVerdict, testsFor, tryTests } from './try-tests.ts';

/** Where the tests are that judge a part. */
export const judgingTests: Readonly<Record<MutatedPart, readonly string[]>> = {
  // What the SDK is limited by is tried at its edges beside the list of it.
  sdk: ['sdk/', 'testing/', 'harness/driver/', 'scripts/limits/'],
  harness: ['harness/', 'testing/', 'ci/judging/'],
};

export interface TestsOptions {
  repository: string;
  part: MutatedPart;
  mutators: MutatorSet;
  /** Only these folders of the part. */
  mutated?: readonly string[];
  /** Where what tests reach is kept; default: `.cache/mutation` of the repository. */
  cache?: string;
  /** Only these test files, by the beginning of their paths; default: those that judge the part. */
  tests?: readonly string[];
  /** Which of all mutants to run. */
  choose: (mutants: readonly Mutant[]) => readonly Mutant[] | Promise<readonly Mutant[]>;
  jobs: number;
  signal: AbortSignal;
  onStage: (text: string) => void;
  onResult: (mutant: Mutant, verdict: TestVerdict, durationMs: number, count: number) => void | Promise<void>;
}

/** Runs mutants against unit and process tests. @returns test files that fail without a mutant, and so prove nothing */
export async function measureTests(options: TestsOptions): Promise<TestReach[]> {
  const { repository, part, mutators, signal, onStage, onResult } = options;
  onStage('putting the mutants into a copy of the tree');
  const instrumented = await instrument(repository, options.mutated ?? mutatedParts[part](mutators), mutators);
  const chosen = await options.choose(instrumented.mutants);
  if (chosen.length === 0) return [];
  const trees: MutantTree[] = [];
  try {
    while (trees.length < Math.min(options.jobs, chosen.length))
      trees.push(await MutantTree.of(repository, instrumented, signal));
    const [first] = trees as [MutantTree];
    const listed = await first.tests.list(options.tests ?? judgingTests[part]);
    for (const tree of trees.slice(1)) await tree.tests.list(options.tests ?? judgingTests[part]);
    const folder = options.cache ?? path.join(repository, '.cache', 'mutation');
    const name = `reach-${part}-${digestOf(instrumented.sources)}.jsonl`;
    const files = await Promise.all(
      listed.map(async (one) => {
        const text = await readFile(path.join(repository, one.file), 'utf8');
        return { ...one, text: digestOf([[one.file, text]]) };
      }),
    );
    // Those of other sources are of no use any more.
    const older = (await readdir(folder).catch(() => [])).filter(
      (one) => one.startsWith(`reach-${part}-`) && one !== name,
    );
    for (const one of older) await rm(path.join(folder, one), { force: true });
    const cache = path.join(folder, name);
    const reach = await measureReach(trees, files, cache, signal, onStage);
    const idle = [...trees];
    const inFile = new Map<string, string[]>();
    for (const { file, id } of instrumented.mutants) inFile.set(file, [...(inFile.get(file) ?? []), id]);
    const atLoading = reachedAtLoading(reach, inFile.values());
    const one = async (mutant: Mutant) => {
      const tree = idle.pop() as MutantTree;
      const begun = performance.now();
      try {
        const candidates = testsFor(mutant, reach, inFile.get(mutant.file) ?? [], atLoading);
        const verdict = await tryTests(mutant, candidates, tree.tests);
        await onResult(mutant, verdict, Math.round(performance.now() - begun), chosen.length);
      } finally {
        idle.push(tree);
      }
    };
    await runAll(chosen, trees.length, one, signal);
    signal.throwIfAborted();
    return reach.filter(({ fails }) => fails !== undefined);
  } finally {
    await Promise.all(trees.map((tree) => tree.remove()));
  }
}
