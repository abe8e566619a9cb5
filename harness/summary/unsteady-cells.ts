import { cellPlace } from '../cell/cell-path.ts';
import type { CellResult } from '../cell/types.ts';
import { holds } from '../judging/holds.ts';

/**
 * The cells whose rounds did not all give the same verdict with the same ledger entries, one line each:
 * `turns/plain  ts on real: match in rounds 1, 3; mismatch in round 2`.
 */
export function unsteadyCells(results: readonly CellResult[]): string[] {
  const cells = new Map<string, Map<string, number[]>>();
  for (const result of results) {
    const { scenario, round } = result;
    const name = `${scenario}  ${cellPlace(result)}`;
    const rounds = cells.get(name) ?? new Map<string, number[]>();
    cells.set(name, rounds);
    const outcome = outcomeOf(result);
    rounds.set(outcome, [...(rounds.get(outcome) ?? []), round]);
  }
  return [...cells].flatMap(([name, rounds]) => {
    if (!holds('rounds-unsteady', rounds.size > 1)) return [];
    const outcomes = [...rounds].map(
      ([outcome, on]) => `${outcome} in round${on.length > 1 ? 's' : ''} ${on.join(', ')}`,
    );
    return [`${name}: ${outcomes.join('; ')}`];
  });
}

/** The same entry may explain one line in one round and two in the next; which entries explain must be the same. */
function outcomeOf({ verdict, known }: CellResult): string {
  const entries = [...new Set(known.map(({ id }) => id))].sort();
  return entries.length === 0 ? verdict : `${verdict} (${entries.join(', ')})`;
}
