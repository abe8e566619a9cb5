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
