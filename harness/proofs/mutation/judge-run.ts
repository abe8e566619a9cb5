import type { CellPlan } from '../../cell/types.ts';
import type { WireChecker } from '../../contract/check-wire.ts';
import type { NormalisedObservation } from '../../normalise/types.ts';
import { observationRedactor } from '../../observation/redact-observation.ts';
import { judgeCell } from '../../verdict/judge-cell.ts';
import type { LedgerEntry } from '../../verdict/ledger.ts';
import type { WorkDone } from './types.ts';

/** What a run is judged by. */
export interface Judges {
  ledger: readonly LedgerEntry[];
  checker: WireChecker;
  engineVersion: string;
}

/** The result of a cell: equal texts mean that nothing that fails a `parity` run is different. */
export interface Judged {
  /** The verdict, and the ledger's entries that were needed for it. */
  outcome: string;
  /** The first thing that the ledger does not explain, or why there is no verdict. */
  because?: string;
  /** The harness failed, not the client: the run proves nothing. */
  harnessFailed?: true;
}

/** Judges a worker's run as `npm run parity` judges a cell. */
export function judgeRun(plan: CellPlan, done: WorkDone, golden: NormalisedObservation, judges: Judges): Judged {
  const { observation } = done;
  if (observation === undefined) {
    const because = done.failure ?? 'no observation';
    return { outcome: 'could-not-run', because, ...(done.failedBy !== 'client' && { harnessFailed: true }) };
  }
  const header = {
    kind: 'observation' as const,
    schemaVersion: 1 as const,
    scenario: plan.scenario.id,
    client: plan.client,
    clientVersion: observation.clientVersion,
    ...(observation.clientInfo && { clientInfo: observation.clientInfo }),
    engine: plan.engine,
    engineVersion: judges.engineVersion,
    engineSha256: 'fake',
    platform: `${process.platform}-${process.arch}`,
    paths: observation.paths,
  };
  try {
    const { verdict, unexplained, known } = judgeCell(
      plan,
      // As the goldens were recorded.
      observationRedactor(plan.scenario, []).observation({ header, lines: observation.lines }),
      golden,
      judges.ledger,
      judges.checker,
    );
    const [first] = unexplained;
    // An entry that no longer explains anything is stale, which also fails a run.
    const used = [...new Set(known.map(({ entry }) => entry.id))].sort();
    const outcome = unexplained.length > 0 ? verdict : [verdict, ...used].join(' ');
    return { outcome, ...(first && { because: `${first.key}${first.path}` }) };
  } catch (error) {
    return { outcome: 'could-not-run', because: (error as Error).message, harnessFailed: true };
  }
}
