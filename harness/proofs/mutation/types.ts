import type { ClientId } from '../../clients/types.ts';
import type { Observation, ObservationLine } from '../../observation/types.ts';
import type { Scenario } from '../../scenario/types.ts';

/** One small change of the SDK's source, switched on while the program runs. */
export interface Mutant {
  /** The instrumenter's number within this run's instrumentation. */
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

/** What a worker is started with, on its command line as JSON. */
export interface WorkerOptions {
  /** The program of the fake engine as a function's body (`bundle-fake.ts`). */
  fakeProgram: string;
  /** Folder of the goldens. */
  goldens: string;
  /** Folder for the cells; the worker's own. */
  cells: string;
  engineVersion: string;
  /** Switched on before the SDK is loaded: for what runs at loading. */
  mutant?: string;
}

/** Parent → worker: perform this. */
export interface WorkOrder {
  scenario: Scenario;
  client: ClientId;
  mutant: string | null;
  /** How long a step may take. */
  stepMs: number;
  /** How often the mutant may be reached before that counts as an endless loop. */
  hitLimit?: number;
  /** Count which mutants are reached. */
  cover?: boolean;
}

/** Worker → parent: what came of it. */
export interface WorkDone {
  /** Absent where the driver or the harness failed. */
  observation?: {
    clientVersion: string;
    clientInfo?: Observation['header']['clientInfo'];
    paths: Observation['header']['paths'];
    lines: ObservationLine[];
  };
  /** Why there is none. */
  failure?: string;
  /** Whose failure that is. The client's: it cannot be loaded, it ended the process, or nobody caught its error; a mutant may do that. */
  failedBy?: 'client' | 'harness';
  /** A step reached its deadline, or the mutant was reached more often than allowed. */
  endless: boolean;
  /** Something of the run lives on: the worker is not to be used again. */
  tainted: boolean;
  /** Reached mutants with how often, where asked for; those reached when the SDK was loaded have `static`. */
  covered?: { static: Record<string, number>; run: Record<string, number> };
}
