import type { Baseline, Subject } from './baseline.ts';
import { type Judges, judgeRun } from './judge-run.ts';
import type { Mutant } from './types.ts';
import type { WorkerProcess } from './worker-process.ts';

export type MutantStatus =
  | 'killed'
  /** A step reached its deadline, or the mutant made an endless loop: noticed as well, and counted apart. */
  | 'endless'
  | 'survived'
  /** No scenario reaches it: a survivor. */
  | 'not-covered';

export interface MutantResult extends Mutant {
  status: MutantStatus;
  /** Scenarios that reach it, cheapest first. */
  reachedBy: string[];
  /** The first that noticed it. */
  killer?: string;
  /** What it noticed. */
  because?: string;
  durationMs: number;
}

const hitFactor = 100;
const leastHits = 1000;

/** Which cells can notice a mutant, cheapest first. What is reached while the SDK is loaded may show in any cell of its family. */
export function candidatesFor(mutant: Mutant, { subjects, static: atLoading }: Baseline): Subject[] {
  const reaching = subjects.filter(({ reached }) => mutant.id in reached);
  if (!atLoading.has(mutant.id)) return reaching;
  const client = mutant.file.startsWith('sdk/exec/') ? 'ts-exec' : mutant.file.startsWith('sdk/client/') ? 'ts' : undefined;
  const others = subjects.filter((one) => !reaching.includes(one) && (client ?? one.plan.client) === one.plan.client);
  return [...reaching, ...others];
}

/**
 * Runs a mutant against the cells that can notice it, until one does.
 * @param worker for a mutant that is reached at loading, one that was started with it
 */
export async function tryMutant(
  mutant: Mutant,
  candidates: readonly Subject[],
  worker: WorkerProcess,
  judges: Judges,
): Promise<MutantResult> {
  const begun = performance.now();
  const reachedBy = candidates.map(({ plan }) => plan.scenario.id);
  const ended = () => ({ durationMs: Math.round(performance.now() - begun) });
  if (candidates.length === 0) return { ...mutant, status: 'not-covered', reachedBy, ...ended() };
  for (const { plan, golden, outcome, reached } of candidates) {
    const { file: _file, stepLines: _lines, expandedFrom: _from, ...scenario } = plan.scenario;
    const hitLimit = leastHits + hitFactor * (reached[mutant.id] ?? 0);
    const done = await worker.perform({ scenario, client: plan.client, mutant: mutant.id, hitLimit });
    const judged = judgeRun(plan, done, golden, judges);
    if (judged.outcome === outcome) continue;
    return {
      ...mutant,
      status: done.endless ? 'endless' : 'killed',
      reachedBy,
      killer: plan.scenario.id,
      because: judged.because ?? `${judged.outcome}, not ${outcome}`,
      ...ended(),
    };
  }
  return { ...mutant, status: 'survived', reachedBy, ...ended() };
}
