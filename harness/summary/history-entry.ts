import type { CoverageFigures, Summary } from './summary.ts';
import type { CellTotals, VerdictCounts } from './verdict-counts.ts';

/** What each file of the history says of its schema: `fixtures/schema/history.schema.json`. */
export const historySchema = '../schema/history.schema.json';

/**
 * One committed past summary, `fixtures/history/ENGINE-DAY-COMMIT.json`: what a whole run gave, small enough to keep for ever.
 * `npm run parity -- history add` makes it, `readHistory` reads them all.
 */
export interface HistoryEntry {
  $schema: typeof historySchema;
  schemaVersion: 1;
  /** Start of the run, ISO 8601, UTC. */
  begun: string;
  /** The commit that ran, 10 hex digits. */
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
  /** How much was wrong with the run as a whole beside cells and ledger; absent where nothing was. */
  problems?: number;
  sensitivity: Summary['sensitivity'];
  coverage: Record<string, CoverageFigures>;
  /** What `npm run parity -- mutation` gave last; absent where it has not run. */
  mutation?: MutationFigures;
  /** Of the whole run, on the clock. */
  seconds: number;
  jobs: number;
}

/** How many seeded mutants of the SDK the goldens notice; equivalent ones are not counted. */
export interface MutationFigures {
  mutants: number;
  killed: number;
  /** Lower end of the 95 % interval of the share that is killed, 0 to 1. */
  low: number;
}
