import type { NoResult } from '../../proofs/mutation/worker-process.ts';
import type { ExploreOrder, Play } from '../types.ts';

/** A worker's options, as JSON on its command line. */
export interface WorkerOptions {
  /** The fake engine's program as a function body (`bundleFake`). */
  fakeProgram: string;
  /** The worker's own folder: cells, and the socket of its engines. */
  folder: string;
  ledger: string;
  /** The ledger of runs that nobody wrote down. */
  explored: string;
  engineVersion: string;
  /** Python of the virtual environment; absent if there is none. */
  python?: string;
}

/** Worker → parent. */
export interface PlayedOrder {
  plays: Play[];
  /** Something of a play is still alive in the worker: it must not be used again. */
  tainted: boolean;
  /** The worker died or fell silent: there are no plays. */
  without?: NoResult;
}

export type { ExploreOrder };
