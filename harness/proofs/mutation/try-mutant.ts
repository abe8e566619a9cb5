import type { Baseline, Subject } from './baseline.ts';
import { type Judges, judgeRun } from './judge-run.ts';
import type { Mutant } from './types.ts';
import { withinMs } from './within-ms.ts';
import type { MutationWorker } from './worker-process.ts';

export type MutantStatus =
  | 'killed'
  /** A step reached its deadline, or the mutant caused an endless loop. Counts as noticed, separately. */
  | 'endless'
  | 'survived'
  /** No scenario reaches it; counts as a survivor. */
  | 'not-covered';

export interface MutantResult extends Mutant {
  status: MutantStatus;
  /** How many scenarios can notice it. */
  reachedBy: number;
  /** The likeliest of them. */
  likeliest: string[];
  /** The first that noticed it. */
  killer?: string;
  /** What it noticed. */
  because?: string;
  /**
   * Runs that proved nothing, because the harness failed in them twice: `scenario: why`. A scenario named here has not
   * noticed the mutant.
   */
  failures?: string[];
  /** Absent: goldens. */
  by?: 'tests';
  /** How many test files can notice it, if they were tried. */
  tests?: number;
  /** Whether no other scenario file notices it; absent if that was not requested. */
  alone?: boolean;
  durationMs: number;
}

const namedScenarios = 5;
const hitFactor = 100;
const leastHits = 1000;
/** Everything is within one process: what has not arrived by then will not arrive. */
const leastStepMs = 2000;
const stepFactor = 4;

/** What the tried cells take together without a mutant: those after that are about something else, and a run must end. */
const mostMs = 15_000;

/**
 * Which cells can notice a mutant, the likeliest for their cost first: a cell that reaches what few others reach of the
 * mutant's file is about what that file does. A mutant that is reached while the SDK is loaded (a constant, a table) may show in any
 * cell that reaches its file. If it shows only elsewhere, it counts as a survivor.
 */
export function candidatesFor(
  mutant: Mutant,
  { subjects, static: atLoading }: Pick<Baseline, 'subjects' | 'static'>,
  siblings: readonly string[],
): Subject[] {
  const weights = siblings.map((id) => 1 / (1 + subjects.filter(({ reached }) => id in reached).length));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const shareOf = ({ reached }: Subject) =>
    siblings.reduce((sum, id, at) => (id in reached ? sum + (weights[at] ?? 0) : sum), 0) / all;
  const share = new Map(subjects.map((one) => [one, shareOf(one)] as const));
  const cost = (one: Subject) => one.durationMs / (0.05 + (share.get(one) ?? 0)) ** 2;
  const found = atLoading.has(mutant.id)
    ? subjects.filter((one) => (share.get(one) ?? 0) > 0)
    : subjects.filter(({ reached }) => mutant.id in reached);
  return found.sort((one, other) => cost(one) - cost(other));
}

interface Noticed {
  status: 'killed' | 'endless';
  killer: string;
  because: string;
}

/**
 * Runs a mutant against the cells that can notice it, until one does.
 * @param worker for a mutant that is reached at loading, a worker that was started with it
 * @param alone continue until a scenario of another file notices it too
 */
export async function tryMutant(
  mutant: Mutant,
  candidates: readonly Subject[],
  worker: MutationWorker,
  judges: Judges,
  alone = false,
): Promise<MutantResult> {
  const begun = performance.now();
  const likeliest = candidates.slice(0, namedScenarios).map(({ plan }) => plan.scenario.id);
  const facts = { ...mutant, reachedBy: candidates.length, likeliest };
  const failures: string[] = [];
  const ended = () => ({
    ...(failures.length > 0 && { failures }),
    durationMs: Math.round(performance.now() - begun),
  });
  if (candidates.length === 0) return { ...facts, status: 'not-covered', ...ended() };
  let first: Noticed | undefined;
  let firstFile: string | undefined;
  for (const candidate of withinMs(candidates, mostMs)) {
    const file = fileOf(candidate);
    if (file === firstFile) continue;
    const noticed = await tryOne(mutant, candidate, worker, judges);
    if (noticed === undefined) continue;
    if ('failure' in noticed) {
      failures.push(noticed.failure);
      continue;
    }
    if (!alone) return { ...facts, ...noticed, ...ended() };
    if (first !== undefined) return { ...facts, ...first, alone: false, ...ended() };
    first = noticed;
    firstFile = file;
  }
  return first === undefined
    ? { ...facts, status: 'survived', ...ended() }
    : { ...facts, ...first, alone: true, ...ended() };
}

/** The cases of a matrix belong to one file. */
const fileOf = ({ plan: { scenario } }: Subject): string => scenario.expandedFrom ?? scenario.id;

async function tryOne(
  mutant: Mutant,
  { plan, golden, outcome, reached, durationMs }: Subject,
  worker: MutationWorker,
  judges: Judges,
): Promise<Noticed | { failure: string } | undefined> {
  const { file: _file, stepLines: _lines, expandedFrom: _from, ...scenario } = plan.scenario;
  const hitLimit = leastHits + hitFactor * (reached[mutant.id] ?? 0);
  const stepMs = leastStepMs + stepFactor * durationMs;
  const order = { scenario, client: plan.client, mutant: mutant.id, hitLimit, stepMs };
  let done = await worker.perform(order);
  let judged = judgeRun(plan, done, golden, judges);
  if (judged.outcome !== outcome) {
    // A mutant is not to blame for a busy machine, a worker that was killed from outside, or a cell that did not open:
    // only what happens again counts, and with twice the time where that was too short.
    done = await worker.perform({ ...order, ...(done.endless && { stepMs: 2 * stepMs }) });
    judged = judgeRun(plan, done, golden, judges);
  }
  if (judged.outcome === outcome) return undefined;
  if (judged.harnessFailed) return { failure: `${scenario.id}: ${judged.because}` };
  return {
    status: done.endless ? 'endless' : 'killed',
    killer: scenario.id,
    because: judged.because ?? `${judged.outcome}, not ${outcome}`,
  };
}
