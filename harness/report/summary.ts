import type { OracleFigures } from '../oracle/oracle-figures.ts';
import type { CellResult } from '../run/types.ts';
import type { Verdict } from '../verdict/judge.ts';

/** `out/parity/summary.json`: what a program needs to know of a run. */
export interface Summary {
  schemaVersion: 1;
  engine: { version: string; sha256: string };
  clients: { id: string; version: string }[];
  scenarios: number;
  cells: number;
  verdicts: Record<CamelVerdict, number>;
  /** Share of the cells that are compared with an official client's golden and match it without any ledger entry, 0 to 1. */
  matchBeforeLedger: number;
  ledger: { entries: number; problems: string[] };
  /** How well the comparison finds what is wrong, and how quiet it is where nothing is. */
  oracle: OracleFigures;
  /** What this run covered, by kind: see `npm run parity -- coverage`, which counts the goldens too. */
  coverage: Record<string, CoverageFigures>;
  /** Facts of the Python SDK's public surface; absent where neither Python nor an earlier comparison was there. */
  surface?: { python: number; mapped: number; exceptions: number };
  durationMs: number;
  jobs: number;
}

/** `excluded`: what no engine can show, part of `total`. `real`: on the real engine. */
export interface CoverageFigures {
  hit: number;
  real: number;
  total: number;
  excluded: number;
}

type CamelVerdict =
  | 'match'
  | 'knownDifference'
  | 'notApplicable'
  | 'baseline'
  | 'mismatch'
  | 'staleKnownDifference'
  | 'couldNotRun';

const camel: Record<Verdict, CamelVerdict> = {
  match: 'match',
  'known-difference': 'knownDifference',
  'not-applicable': 'notApplicable',
  baseline: 'baseline',
  mismatch: 'mismatch',
  'stale-known-difference': 'staleKnownDifference',
  'could-not-run': 'couldNotRun',
};

export interface SummaryInput {
  engine: { version: string; sha256: string };
  clients: { id: string; version: string }[];
  results: readonly CellResult[];
  ledger: { entries: number; problems: string[] };
  oracle: OracleFigures;
  coverage: Summary['coverage'];
  surface: Summary['surface'];
  durationMs: number;
  jobs: number;
}

export function summarise({ engine, clients, results, ledger, oracle, ...more }: SummaryInput): Summary {
  const verdicts = Object.fromEntries(Object.values(camel).map((name) => [name, 0])) as Record<CamelVerdict, number>;
  for (const { verdict } of results) verdicts[camel[verdict]] += 1;
  // A baseline is compared with no official client.
  const compared = results.length - verdicts.notApplicable - verdicts.baseline;
  const { coverage, surface, durationMs, jobs } = more;
  return {
    schemaVersion: 1,
    engine,
    clients,
    scenarios: new Set(results.map((result) => result.scenario)).size,
    cells: results.length,
    verdicts,
    matchBeforeLedger: compared === 0 ? 0 : Math.round((verdicts.match / compared) * 1e4) / 1e4,
    ledger,
    oracle,
    coverage,
    ...(surface !== undefined && { surface }),
    durationMs,
    jobs,
  };
}

/** Cells that count as passed, and those that failed; problems of the ledger itself count as failures. */
export function passedAndFailed(summary: Summary): { passed: number; failed: number } {
  const { match, knownDifference, baseline, mismatch, staleKnownDifference, couldNotRun } = summary.verdicts;
  return {
    passed: match + knownDifference + baseline,
    failed: mismatch + staleKnownDifference + couldNotRun + summary.ledger.problems.length,
  };
}
