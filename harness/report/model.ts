import type { Difference } from '../compare/compare.ts';
import type { NormalisedLine } from '../normalise/types.ts';
import type { ClientId, EngineKind } from '../scenario/types.ts';
import type { Verdict } from '../verdict/judge.ts';
import type { LedgerEntry } from '../verdict/ledger.ts';
import type { Summary } from './summary.ts';

/** How well the comparison itself was tested: tampered observations, those it flagged, and differences of a client with itself. */
export interface OracleFigures {
  tampered: number;
  flagged: number;
  selfDifferences: number;
}

export type ReportSummary = Summary & { oracle?: OracleFigures };

/** Index into one of the model's tables. */
export type Index = number;

/** A lane's name and the index of its rows in `sequences`. */
export type LaneRows = [lane: string, sequence: Index];

/** A difference, its line numbers counted from 0 within its lane. The value of a missing or extra line is its row: not repeated here. */
export interface ReportDifference extends Pick<Difference, 'kind' | 'lane' | 'path' | 'expected' | 'actual'> {
  expectedAt?: number;
  actualAt?: number;
}

export interface ReportCell {
  scenario: string;
  client: ClientId;
  engine: EngineKind;
  round: number;
  verdict: Verdict;
  reason?: string;
  durationMs: number;
  /** Into `differences`: what no ledger entry explains. */
  unexplained: Index[];
  /** Ledger id, and index into `differences`. */
  known: [id: string, difference: Index][];
  /** The raw observation, relative to the output folder. */
  raw?: string;
  /** Into `fired`. */
  fired: Index;
  /** Lanes that are not equal to the golden's; absent where nothing was observed. */
  lanes?: LaneRows[];
}

export interface ReportGolden {
  scenario: string;
  client: string;
  engineVersion: string;
  lanes: LaneRows[];
}

/** All that a report shows, as plain JSON. Lines, sequences, differences and rule counts are kept once each and named by index. */
export interface ReportModel {
  schemaVersion: 1;
  summary: ReportSummary;
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
}
