import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CellPlan } from '../../cell/types.ts';
import type { NormalisedObservation } from '../../normalise/types.ts';
import { runAll } from '../../run/run-all.ts';
import { type Baseline, measureBaseline } from './baseline.ts';
import { BaselineCache } from './baseline-cache.ts';
import { bundleFake, bundleWorker } from './bundle-worker.ts';
import { type Instrumented, instrument, type MutatorSet, mutatedParts } from './instrument.ts';
import type { Judges } from './judge-run.ts';
import { candidatesFor, type MutantResult, tryMutant } from './try-mutant.ts';
import type { Mutant } from './types.ts';
import { type MutationWorker, mutationWorker } from './worker-process.ts';

export interface MeasureOptions {
  repository: string;
  goldens: string;
  /** This run's own folder for the worker's program and the cells; removed at the end. */
  folder: string;
  /** Folders of the SDK to mutate; default: all that these mutators mutate. */
  mutated?: readonly string[];
  /** Default: Stryker's. */
  mutators?: MutatorSet;
  plans: readonly CellPlan[];
  golden: (scenario: string) => Promise<NormalisedObservation>;
  judges: Judges;
  /** Which of all mutants to run. */
  choose: (mutants: readonly Mutant[]) => readonly Mutant[] | Promise<readonly Mutant[]>;
  /** Where the runs without a mutant are kept; absent: nowhere. */
  cache?: {
    folder: string;
    /** Digests of what decides a result beside the worker's programs, the scenario and its golden. */
    inputs: Readonly<Record<string, string>>;
  };
  /** Also find mutants that only one scenario file notices. */
  alone?: boolean;
  jobs: number;
  signal: AbortSignal;
  onStage: (text: string) => void;
  /** Awaited, so that one result is written before the next. */
  onResult: (result: MutantResult, count: number) => void | Promise<void>;
}

export interface Measure {
  /** All mutants that the SDK's sources have. */
  total: number;
  results: MutantResult[];
  baseline: Baseline;
}

/**
 * Runs mutants of the SDK against the goldens. @throws the signal's reason if it aborts; nothing is left running then
 * either
 */
export async function measure(options: MeasureOptions): Promise<Measure> {
  const { repository, folder, jobs, signal, onStage } = options;
  try {
    onStage('putting the mutants into the SDK');
    const { mutators = 'stryker', mutated = mutatedParts.sdk(mutators) } = options;
    const instrumented = await instrument(repository, mutated, mutators);
    signal.throwIfAborted();
    await mkdir(folder, { recursive: true });
    const file = await bundleWorker(repository, instrumented.sources, path.join(folder, 'worker.mjs'));
    const fakeProgram = path.join(folder, 'fake.cjs');
    const fake = await bundleFake();
    await writeFile(fakeProgram, fake);
    const cache =
      options.cache &&
      (await BaselineCache.open(options.cache.folder, mutators, [
        ['worker', await readFile(file, 'utf8')],
        ['fake', fake],
        ['judge', await readFile(path.join(import.meta.dirname, 'judge-run.ts'), 'utf8')],
        ['engine', options.judges.engineVersion],
        ['node', process.version],
        ...Object.entries(options.cache.inputs).sort(),
      ]));
    const start = (mutant?: string) =>
      mutationWorker(
        file,
        {
          fakeProgram,
          goldens: options.goldens,
          cells: path.join(folder, 'cells'),
          engineVersion: options.judges.engineVersion,
          ...(mutant !== undefined && { mutant }),
        },
        signal,
      );
    const workers = Array.from({ length: jobs }, () => start());
    try {
      return await run(options, instrumented, workers, start, cache);
    } finally {
      await Promise.all(workers.map((worker) => worker.close()));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(
  { plans, golden, judges, choose, alone, signal, onStage, onResult }: MeasureOptions,
  { mutants }: Instrumented,
  workers: readonly MutationWorker[],
  start: (mutant: string) => MutationWorker,
  cache: BaselineCache | undefined,
): Promise<Measure> {
  let ran = 0;
  const onRun = () => {
    ran += 1;
    if (ran % 50 === 0) onStage(`${ran} of ${plans.length} scenarios without a mutant`);
  };
  const chosen = await choose(mutants);
  const none: Baseline = { subjects: [], static: new Set(), leftOut: [] };
  if (chosen.length === 0) return { total: mutants.length, results: [], baseline: none };
  const baseline = await measureBaseline(plans, workers, golden, judges, signal, onRun, cache);
  const inFile = new Map<string, string[]>();
  for (const { file, id } of mutants) inFile.set(file, [...(inFile.get(file) ?? []), id]);
  const idle = [...workers];
  const results = new Map<Mutant, MutantResult>();
  const one = async (mutant: Mutant) => {
    const worker = idle.pop() as MutationWorker;
    const own = baseline.static.has(mutant.id) ? start(mutant.id) : undefined;
    try {
      const candidates = candidatesFor(mutant, baseline, inFile.get(mutant.file) ?? []);
      const result = await tryMutant(mutant, candidates, own ?? worker, judges, alone);
      results.set(mutant, result);
      await onResult(result, chosen.length);
    } finally {
      await own?.close();
      idle.push(worker);
    }
  };
  await runAll(chosen, workers.length, one, signal);
  signal.throwIfAborted();
  return { total: mutants.length, results: chosen.flatMap((mutant) => results.get(mutant) ?? []), baseline };
}
