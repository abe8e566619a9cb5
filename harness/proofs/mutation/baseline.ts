import { writeJson } from '../../../testing/json/write-json.ts';
import { type CellPlan, failingVerdicts } from '../../cell/types.ts';
import { patience } from '../../driver/owed-line.ts';
import type { NormalisedObservation } from '../../normalise/types.ts';
import { runAll } from '../../run/run-all.ts';
import type { BaselineCache } from './baseline-cache.ts';
import { type Judges, judgeRun } from './judge-run.ts';
import type { MutationWorker } from './worker-process.ts';

/** A cell that mutants run against. */
export interface Subject {
  plan: CellPlan;
  golden: NormalisedObservation;
  /** Its result without a mutant. */
  outcome: string;
  durationMs: number;
  /** How often each mutant is reached, by mutant id. */
  reached: Readonly<Record<string, number>>;
}

export interface Baseline {
  /** Cheapest first. */
  subjects: Subject[];
  /** Mutants that are reached while the SDK is loaded. */
  static: ReadonlySet<string>;
  /** Scenarios that prove nothing here, and why. */
  leftOut: { scenario: string; why: string }[];
}

/**
 * Runs every cell twice without a mutant to learn its result and what it reaches. A cell that gives different results,
 * or fails, is left out.
 * @param cache the runs of earlier; those that are not there are added, also when the signal aborts
 */
export async function measureBaseline(
  plans: readonly CellPlan[],
  workers: readonly MutationWorker[],
  golden: (scenario: string) => Promise<NormalisedObservation>,
  judges: Judges,
  signal: AbortSignal,
  onRun: (plan: CellPlan) => void,
  cache?: BaselineCache,
): Promise<Baseline> {
  const idle = [...workers];
  const subjects: Subject[] = [];
  const leftOut: Baseline['leftOut'] = [];
  const atLoading = new Set<string>(cache?.static);
  const measure = async (plan: CellPlan) => {
    const worker = idle.pop() as MutationWorker;
    try {
      const recorded = await golden(plan.scenario.id);
      const { file: _file, stepLines: _lines, expandedFrom: _from, ...scenario } = plan.scenario;
      const cell = { scenario: scenario.id, client: plan.client, texts: [scenario, recorded].map(writeJson) };
      const kept = cache?.find(cell);
      if (kept !== undefined) {
        subjects.push({ plan, golden: recorded, ...kept });
        return;
      }
      const order = { scenario, client: plan.client, mutant: null, stepMs: patience.stepMs };
      const first = await worker.perform({ ...order, cover: true });
      const begun = performance.now();
      const second = await worker.perform(order);
      const durationMs = performance.now() - begun;
      const loaded = Object.keys(first.covered?.static ?? {});
      for (const id of loaded) atLoading.add(id);
      const [one, two] = [first, second].map((done) => judgeRun(plan, done, recorded, judges));
      const fails = [one, two].find((judged) => failingVerdicts.has(judged?.outcome as never));
      if (fails !== undefined) {
        leftOut.push({ scenario: plan.scenario.id, why: `${fails.outcome} within a worker: ${fails.because ?? ''}` });
      } else if (one?.outcome !== two?.outcome) {
        leftOut.push({ scenario: plan.scenario.id, why: `${one?.outcome}, then ${two?.outcome}` });
      } else {
        const outcome = one?.outcome ?? '';
        const found = { outcome, durationMs, reached: first.covered?.run ?? {} };
        subjects.push({ plan, golden: recorded, ...found });
        cache?.add(cell, found, loaded);
      }
    } finally {
      idle.push(worker);
    }
    onRun(plan);
  };
  try {
    await runAll(plans, workers.length, measure, signal);
  } finally {
    await cache?.write();
  }
  signal.throwIfAborted();
  subjects.sort((a, b) => a.durationMs - b.durationMs);
  return { subjects, static: atLoading, leftOut };
}
