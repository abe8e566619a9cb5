import type { ClientId, EngineKind } from '../clients/clients.ts';
import type { Difference } from '../compare/compare.ts';
import type { StandingScenario } from '../scenario/types.ts';

/** A cell to run, or the reason why it does not apply. */
export interface CellPlan {
  scenario: StandingScenario;
  client: ClientId;
  engine: EngineKind;
  /** The real engine's version, where it is another than the pin. */
  engineVersion?: string;
  /** Which repetition, from 1. */
  round: number;
  notApplicable?: string;
}

export interface CellResult {
  scenario: string;
  client: ClientId;
  engine: EngineKind;
  /** The real engine's version, where it is another than the pin. */
  engineVersion?: string;
  round: number;
  /** `process.platform` of the machine that ran it, if it is not the run's. Only in merged results. */
  platform?: string;
  verdict: Verdict;
  /** Compared with what no official client did, whatever came of it. */
  baseline?: true;
  /** Why it is not applicable or could not run. */
  reason?: string;
  /** For a cell that could not run: its driver had started the scenario. */
  began?: true;
  /**
   * On another engine than the pin, which has no goldens: the client whose run there this one was compared with. The reference itself is compared with the
   * golden, and what differs is `drift`.
   */
  reference?: ClientId;
  /** Of the reference on another engine than the pin: what differs from the golden. */
  drift?: Difference[];
  /** What no ledger entry explains. */
  unexplained: Difference[];
  /** What the ledger explains, by entry id. */
  known: { id: string; difference: Difference }[];
  /** The raw observation: `/`-separated path, relative to the output folder. */
  raw?: string;
  durationMs: number;
  /** The normalising rules that applied, with counts. */
  fired: Record<string, number>;
}

export type Verdict =
  | 'match'
  | 'known-difference'
  | 'not-applicable'
  /**
   * Compared with a golden that no official client made; or itself what the others are compared with on its engine, and
   * unlike the golden (`drift`). Never counted as parity.
   */
  | 'baseline'
  | 'mismatch'
  /** The ledger says that this cell differs, but it no longer does. */
  | 'stale-known-difference'
  /** The driver or the harness failed, not the client. */
  | 'could-not-run';

export const failingVerdicts: ReadonlySet<Verdict> = new Set(['mismatch', 'stale-known-difference', 'could-not-run']);
