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
  /** Says what a stage is busy with. */
  note: (line: string) => void;
}

/** One entry of `npm test`. */
export interface Stage {
  name: string;
  /** Beyond the development packages. */
  needs: readonly Need[];
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
  onStart?: (stage: Stage) => void;
  onEnd?: (outcome: StageOutcome) => void;
}

/** Runs all stages in order, whether or not one fails. Rejects only when `signal` aborts. */
export async function runStages(stages: readonly Stage[], options: RunOptions): Promise<StageOutcome[]> {
  const outcomes: StageOutcome[] = [];
  for (const stage of stages) {
    options.onStart?.(stage);
    const started = performance.now();
    const result = await runOne(stage, options);
    const outcome = { name: stage.name, ...result, durationMs: performance.now() - started };
    outcomes.push(outcome);
    options.onEnd?.(outcome);
  }
  return outcomes;
}

async function runOne(stage: Stage, options: RunOptions): Promise<StageResult> {
  const reason = stage.needs.map((need) => options.lacking.get(need)).find((text) => text !== undefined);
  if (reason !== undefined) return { passed: 0, failed: 1, details: `not run: ${reason}` };
  try {
    const result = await stage.run(options);
    if (result.passed + result.failed > 0) return result;
    return { ...result, failed: 1, details: `ran no test\n${result.details}` };
  } catch (error) {
    options.signal.throwIfAborted();
    return { passed: 0, failed: 1, details: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
