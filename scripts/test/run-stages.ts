import { holds } from '../../harness/judging/holds.ts';
import type { Need } from '../bootstrap/bootstrap.mjs';

/** What a stage found. A stage that ran nothing is a failure: `passed` and `failed` both 0 are counted as one failed. */
export interface StageResult {
  passed: number;
  failed: number;
  /** Tests that said why they cannot run here (another operating system); shown, not counted. */
  skipped?: number;
  /** Shown when something failed. */
  details: string;
  /** What failed, a line each, as `failure` makes them. Default: the stage, and the beginning of `details`. */
  failures?: readonly string[];
}

export interface StageContext {
  /** The repository's folder, absolute. */
  root: string;
  /** Gets full logs and machine-readable results (`out/test`). */
  outFolder: string;
  signal: AbortSignal;
  /** Whether tests measure what they reach: the run has the stage `coverage`. */
  coverage: boolean;
  /** Says what a stage is busy with. */
  note: (line: string) => void;
}

/** One entry of `npm test`. */
export interface Stage {
  name: string;
  /** Beyond the development packages. */
  needs: readonly Need[];
  /** Stages that have to end before this one begins. */
  after?: readonly string[];
  /** Rejects only when the stage itself could not be run; the runner counts that as one failed test. */
  run(context: StageContext): Promise<StageResult>;
}

export interface StageOutcome extends StageResult {
  name: string;
  durationMs: number;
}

export interface RunOptions extends StageContext {
  /** What set-up could not bring: stages that need it fail with this reason instead of running. */
  lacking: ReadonlyMap<Need, string>;
  /** How many stages run at a time; the next begins when one ends. */
  atOnce: number;
  onStart?: (stage: Stage) => void;
  onEnd?: (outcome: StageOutcome) => void;
}

/**
 * Runs all stages, begun in their order, whether or not one fails. Rejects only when `signal` aborts, once no stage runs any more.
 * @returns the outcomes in the order of the stages
 */
export async function runStages(stages: readonly Stage[], options: RunOptions): Promise<StageOutcome[]> {
  const begun = new Map<string, Promise<StageOutcome>>();
  const perform = async (stage: Stage): Promise<StageOutcome> => {
    // They have begun: stages begin in their order.
    await Promise.all((stage.after ?? []).map((name) => begun.get(name)));
    options.signal.throwIfAborted();
    options.onStart?.(stage);
    const started = performance.now();
    const result = await runOne(stage, options);
    const outcome = { name: stage.name, ...result, durationMs: performance.now() - started };
    options.onEnd?.(outcome);
    return outcome;
  };
  // One iterator for all lanes: each takes the stage that is next.
  const next = stages.values();
  const lane = async () => {
    for (const stage of next) {
      const performed = perform(stage);
      begun.set(stage.name, performed);
      await performed;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: options.atOnce }, lane));
  for (const one of lanes) if (one.status === 'rejected') throw one.reason;
  return await Promise.all(begun.values());
}

async function runOne(stage: Stage, options: RunOptions): Promise<StageResult> {
  const reason = stage.needs.map((need) => options.lacking.get(need)).find((text) => text !== undefined);
  if (holds('stage-lacks', reason !== undefined)) return { passed: 0, failed: 1, details: `not run: ${reason}` };
  try {
    const result = await stage.run(options);
    if (!holds('stage-ran-nothing', result.passed + result.failed === 0)) return result;
    return { ...result, failed: 1, details: `ran no test\n${result.details}` };
  } catch (error) {
    options.signal.throwIfAborted();
    return { passed: 0, failed: 1, details: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
