import type { Mutant } from '../../proofs/mutation/types.ts';
import type { Explored } from '../types.ts';
import { type FuzzOptions, playersOf, scenarioOfRun } from './fuzz.ts';

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
 * Plays drawn runs with mutants of our client, whose sources the explorer has. A run shows a mutant if it is a finding with it, twice, and `same` without it:
 * nothing but Python judges.
 */
export async function findMutants(options: FindMutantsOptions): Promise<TriedMutant[]> {
  const { explorer, contract, seed, runs, signal, mutants, tries, onRun, onMutant } = options;
  const reached = new Map(mutants.map(({ id }) => [id, [] as number[]]));
  for (const run of runs) {
    signal.throwIfAborted();
    const scenario = scenarioOfRun(contract, seed, run);
    const told = await explorer.explore({ scenario, players: playersOf(scenario, run) });
    onRun?.(run, told);
    // What is found without a mutant says nothing of one.
    if (told.verdict !== 'same') continue;
    for (const id of told.plays.flatMap((play) => play.reached ?? [])) reached.get(id)?.push(run);
  }
  const all: TriedMutant[] = [];
  for (const mutant of mutants) {
    const reaching = reached.get(mutant.id) ?? [];
    const tried: TriedMutant = { mutant, reachedBy: reaching.length };
    for (const run of reaching.slice(0, tries)) {
      signal.throwIfAborted();
      const scenario = scenarioOfRun(contract, seed, run);
      const players = playersOf(scenario, run, [{ client: 'ts', mutant: mutant.id }]);
      const { verdict, findings } = await explorer.explore({ scenario, players });
      const [finding] = findings.filter((one) => one.mutant === mutant.id);
      if (verdict !== 'different' || finding === undefined) continue;
      tried.found = { run, what: `${finding.kind} ${finding.what}` };
      break;
    }
    all.push(tried);
    onMutant?.(tried);
  }
  return all;
}
