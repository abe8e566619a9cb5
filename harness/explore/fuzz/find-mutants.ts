import type { Mutant } from '../../proofs/mutation/types.ts';
import type { Explored } from '../types.ts';
import { type FuzzOptions, scenarioOfRun } from './fuzz.ts';
import { everything } from './only-ours.ts';

export interface FindMutantsOptions extends Pick<FuzzOptions, 'explorer' | 'contract' | 'seed' | 'runs' | 'signal'> {
  mutants: readonly Mutant[];
  /** So many of the runs that reach a mutant are played with it, at most. */
  tries: number;
  onRun?(run: number, told: Explored): void;
  /** Called for each mutant, when it has been found or not. */
  onMutant?(tried: TriedMutant): void;
}

/** Whether the fuzzer alone finds a mutant. */
export interface TriedMutant {
  mutant: Mutant;
  /** How many of the runs reach it. */
  reachedBy: number;
  /** The first run that shows it, and what is different in it. */
  found?: { run: number; what: string };
}

/**
 * Plays drawn runs with mutants of our client, whose sources the explorer has. A run shows a mutant if it is a finding with it, twice, and `same` without it.
 * Ours without the mutant judges: that it does what Python does is what all other runs of the fuzzer are for.
 * An abort ends it: mutants that were tried until then are returned, and the one that it breaks off is not.
 */
export async function findMutants(options: FindMutantsOptions): Promise<TriedMutant[]> {
  const { explorer, contract, seed, runs, signal, mutants, tries, onRun, onMutant } = options;
  const client = { client: 'ts' } as const;
  const scenarioOf = (run: number) => scenarioOfRun(contract, seed, run, run % 2 === 0 ? everything : undefined);
  const reached = new Map(mutants.map(({ id }) => [id, [] as number[]]));
  const all: TriedMutant[] = [];
  try {
    for (const run of runs) {
      signal.throwIfAborted();
      const told = await explorer.explore({ scenario: scenarioOf(run), players: [client, client], holding: true });
      signal.throwIfAborted();
      onRun?.(run, told);
      // What is found without a mutant says nothing of one.
      if (told.verdict !== 'same') continue;
      for (const id of new Set(told.plays.flatMap((play) => play.reached ?? []))) reached.get(id)?.push(run);
    }
    for (const mutant of mutants) {
      const reaching = reached.get(mutant.id) ?? [];
      const tried: TriedMutant = { mutant, reachedBy: reaching.length };
      for (const run of reaching.slice(0, tries)) {
        signal.throwIfAborted();
        const players = [client, { ...client, mutant: mutant.id }];
        const { verdict, findings } = await explorer.explore({ scenario: scenarioOf(run), players, holding: true });
        // What an abort broke off is no finding.
        signal.throwIfAborted();
        const [finding] = findings.filter((one) => one.mutant === mutant.id);
        if (verdict !== 'different' || finding === undefined) continue;
        tried.found = { run, what: `${finding.kind} ${finding.what}` };
        break;
      }
      all.push(tried);
      onMutant?.(tried);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return all;
}
