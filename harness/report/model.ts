import type { CellResult } from '../cell/types.ts';
import type { Family } from '../clients/clients.ts';
import type { Difference } from '../compare/compare.ts';
import type { NormalisedLine } from '../normalise/types.ts';
import type { HistoryEntry } from '../summary/history-entry.ts';
import type { Summary } from '../summary/summary.ts';
import type { FailureGroup } from '../verdict/failure-groups.ts';
import type { DifferenceLabel } from '../verdict/label.ts';
import type { LedgerEntry } from '../verdict/ledger.ts';

/** Index into one of the model's tables. */
export type Index = number;

/** A lane's name and the index of its rows in `sequences`. */
export type LaneRows = [lane: string, sequence: Index];

/** A difference, its line numbers counted from 0 within its lane. The value of a missing or extra line is its row: not repeated here. */
export interface ReportDifference extends Pick<Difference, 'kind' | 'lane' | 'path' | 'expected' | 'actual'> {
  expectedAt?: number;
  actualAt?: number;
}

type Shown =
  | 'scenario'
  | 'client'
  | 'engine'
  | 'engineVersion'
  | 'round'
  | 'platform'
  | 'verdict'
  | 'reason'
  | 'durationMs';

/** A cell's result, with indices in place of what many share. */
export interface ReportCell extends Pick<CellResult, Shown | 'raw'> {
  /** Into `differences`: of the reference on another engine than the pin, what differs from its golden. */
  drift?: Index[];
  /** Into `differences`: what no ledger entry explains. */
  unexplained: Index[];
  /** Who is the likely cause of each of these; absent where there is none. */
  labels?: DifferenceLabel[];
  /** Ledger id, and index into `differences`. */
  known: [id: string, difference: Index][];
  /** Which of the report's raw observations is this cell's; absent where it is not embedded. */
  embedded?: Index;
  /** 1-based line of the scenario's file that a failing cell failed at; absent where that is not known. */
  failedAt?: number;
  /** Into `fired`. */
  fired: Index;
  /** Lanes that are not equal to the golden's; absent where nothing was observed. */
  lanes?: LaneRows[];
}

/** What cells are compared with: a golden, or what the reference did on another engine than the pin. */
export interface ReportGolden {
  /** As `expectationName` gives it. */
  name: string;
  client: string;
  engineVersion: string;
  lanes: LaneRows[];
}

export interface ReportScenario {
  id: string;
  title: string;
  family: Family;
  /** Whether its engine is a script. */
  scripted: boolean;
  /** Relative to the repository, with `/`; a key of `sources`. */
  file: string;
}

/** Cells that fail alike, the largest group first. */
export interface ReportFailure extends Pick<FailureGroup, 'verdict'> {
  /** Into `cells`; the first is the example. */
  cells: Index[];
}

/** A promise of the SDK that an entry of the ledger touches. */
export interface ReportBehaviour {
  /** Such as `N-214`. */
  id: string;
  title: string;
  /** Scenario ids, and tests as `FILE > NAME`. */
  proof: string[];
}

/** A raw observation as the report embeds it. */
export interface RawLines {
  /** JSONL without the header, a text for each line. */
  lines: string[];
  /** Lane → for each of its lines, the index of the raw line that it was made of. */
  origins: Record<string, number[]>;
}

/** All that a report shows, as plain JSON. Lines, sequences, differences and rule counts are kept once each and named by index. */
export interface ReportModel {
  schemaVersion: 1;
  summary: Summary;
  ledger: Omit<LedgerEntry, 'line'>[];
  /** Why each rule that fired exists. */
  rules: { name: string; reason: string }[];
  /** Distinct normalised lines. */
  rows: NormalisedLine[];
  /** Distinct sequences of indices into `rows`. */
  sequences: Index[][];
  differences: ReportDifference[];
  /** Rule name → how often it fired. */
  fired: Record<string, number>[];
  goldens: ReportGolden[];
  cells: ReportCell[];
  failures: ReportFailure[];
  /** Those that the ledger names. */
  behaviours: ReportBehaviour[];
  /** Those that the cells name. */
  scenarios: ReportScenario[];
  /** Scenario file → its text. */
  sources: Record<string, string>;
  /** Committed past summaries, oldest first. */
  history: HistoryEntry[];
}
