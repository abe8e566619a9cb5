import type { ClientId } from '../../clients/clients.ts';
import type { Observation, ObservationLine } from '../../observation/types.ts';
import type { Scenario } from '../../scenario/types.ts';

/** One small change of the SDK's source, switched on while the program runs. */
export interface Mutant {
  /** The instrumenter's number within this run. */
  id: string;
  /** Relative to the repository with `/`. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** What kind of change, e.g. `ConditionalExpression`. */
  mutator: string;
  original: string;
  replacement: string;
}

/** A worker's options, as JSON on its command line. */
export interface WorkerOptions {
  /** The fake engine's program as a function body (`bundleFake`). */
  fakeProgram: string;
  /** Folder of the goldens. */
  goldens: string;
  /** The worker's own folder for cells. */
  cells: string;
  engineVersion: string;
  /** Switched on before the SDK is loaded, for code that runs while loading. */
  mutant?: string;
}

/** Parent → worker: run this cell. */
export interface WorkOrder {
  scenario: Scenario;
  client: ClientId;
  mutant: string | null;
  /** How long a step may take. */
  stepMs: number;
  /** How often the mutant may be reached before it counts as an endless loop. */
  hitLimit?: number;
  /** Count which mutants are reached. */
  cover?: boolean;
}

/** Worker → parent: the result. */
export interface WorkDone {
  /** Absent if the driver or the harness failed. */
  observation?: {
    clientVersion: string;
    clientInfo?: Observation['header']['clientInfo'];
    paths: Observation['header']['paths'];
    lines: ObservationLine[];
  };
  /** Why there is none. */
  failure?: string;
  /**
   * Whose failure that is. The client's, if the SDK cannot be loaded, it ended the process, or nobody caught its error;
   * a mutant may do that.
   */
  failedBy?: 'client' | 'harness';
  /** A step reached its deadline, or the mutant was reached more often than allowed. */
  endless: boolean;
  /** Something of the run is still alive: do not use the worker again. */
  tainted: boolean;
  /** Reached mutants and how often, if requested; those reached while the SDK was loaded are in `static`. */
  covered?: { static: Record<string, number>; run: Record<string, number> };
}
