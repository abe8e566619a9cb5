import type { CoverageFigures, Summary } from './summary.ts';
import type { CellTotals, VerdictCounts } from './verdict-counts.ts';

/** The schema that each file of the history names: `fixtures/schema/history.schema.json`. */
export const historySchema = '../schema/history.schema.json';

/**
 * One committed past summary, `fixtures/history/ENGINE-DAY-COMMIT.json`: the figures of a whole run, small enough to
 * keep forever. `npm run parity -- history add` writes it, `readHistory` reads all of them.
 */
export interface HistoryEntry {
  $schema: typeof historySchema;
  schemaVersion: 1;
  /** Start of the run, ISO 8601, UTC. */
  begun: string;
  /** The commit that ran, as 10 hex digits. */
  commit: string;
  engineVersion: string;
  /** `process.platform` of the machines that ran it. */
  platforms: string[];
  clients: { id: string; version: string }[];
  scenarios: number;
  cells: number;
  verdicts: VerdictCounts;
  /** The same, for each client and engine. */
  totals: CellTotals[];
  /** Share of the compared cells that match without any ledger entry, 0 to 1. */
  matchBeforeLedger: number;
  ledger: { entries: number; problems: number };
  /** How many problems the run as a whole had, besides cells and ledger; absent if there were none. */
  problems?: number;
  sensitivity: Summary['sensitivity'];
  coverage: Record<string, CoverageFigures>;
  /** The last figures of `npm run parity -- mutation`; absent if it has not run. */
  mutation?: MutationFigures;
  /** Duration of the whole run on the clock. */
  seconds: number;
  jobs: number;
}

/** How many seeded mutants of the SDK the goldens notice, not counting equivalent ones. */
export interface MutationFigures {
  mutants: number;
  killed: number;
  /** Lower end of the 95 % interval of the share that is killed, 0 to 1. */
  low: number;
}
