import type { CellResult } from '../cell/types.ts';
import { appliesTo } from './ledger.ts';
import type { LedgerProblem } from './ledger-health.ts';

const fine = new Set(['match', 'known-difference', 'baseline']);

/**
 * Cells whose ledger entry has expired or no longer occurs become `stale-known-difference`, with the problem as the
 * reason.
 */
export function markStale(results: readonly CellResult[], problems: readonly LedgerProblem[]): CellResult[] {
  const stale = problems.filter(({ problem }) => problem !== 'unmatched');
  return results.map((result) => {
    // Whether an entry still occurs is a question to the pin.
    if (result.engineVersion !== undefined) return result;
    const found = stale.find(({ entry, problem }) => {
      if (!fine.has(result.verdict) || !appliesTo(entry, result)) return false;
      // An expired entry fails where it is still needed; one that no longer occurs fails wherever it applies.
      return problem === 'no-longer-occurs' || result.known.some(({ id }) => id === entry.id);
    });
    return found === undefined ? result : { ...result, verdict: 'stale-known-difference', reason: found.message };
  });
}
