import type { Need } from '../bootstrap/bootstrap.mjs';

/** What a stage found. A stage that ran nothing is a failure: `passed` and `failed` both 0 are counted as one failed. */
export interface StageResult {
  passed: number;
  failed: number;
  /** Tests that said why they cannot run here (another operating system); shown, not counted. */
  skipped?: number;
  /** Shown when something failed. */
  details: string;
}

export interface StageContext {
  /** The repository's folder, absolute. */
  root: string;
  /** Gets full logs and machine-readable results (`out/test`). */
  outFolder: string;
  signal: AbortSignal;
}

/** One entry of `npm test`. */
export interface Stage {
  name: string;
  /** Beyond the development packages. */
  needs: readonly Need[];
  /** Rejects only when the stage itself could not be run; the runner counts that as one failed test. */
  run(context: StageContext): Promise<StageResult>;
}
