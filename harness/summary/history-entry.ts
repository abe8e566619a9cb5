import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readChecked } from '../data/schemas.ts';
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
  /** Share of the cells of our clients that are equal to their reference without any ledger entry, 0 to 1. */
  matchBeforeLedger: number;
  /** See `Summary`; absent in entries from before it was counted. */
  matchForGoal?: number;
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

/** Not fit for the history: a partial run, a run of no commit, or figures of another run. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}

export const historyFolder = (root: string): string => path.join(root, 'fixtures', 'history');

/**
 * The committed past summaries of a repository, oldest first; empty if it has no such folder. @throws Error with the
 * name of a file that does not match the schema
 */
export async function readHistory(root: string): Promise<HistoryEntry[]> {
  const folder = historyFolder(root);
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`Reading the history: cannot list ${folder}`, { cause });
  }
  const files = names.filter((name) => name.endsWith('.json')).map((name) => path.join(folder, name));
  const entries = await Promise.all(files.map((file) => readChecked<HistoryEntry>(file, 'history')));
  // Two runs never start at the same moment; if they did, the commit would decide.
  const order = ({ begun, commit }: HistoryEntry) => `${begun} ${commit}`;
  return entries.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
