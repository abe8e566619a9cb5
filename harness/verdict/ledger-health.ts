import { matchesId } from '../scenario/index.ts';
import { appliesTo, type CellName, expiry, type LedgerEntry } from './ledger.ts';

export interface LedgerProblem {
  entry: LedgerEntry;
  problem: 'unmatched' | 'expired' | 'no-longer-occurs';
  message: string;
}

export interface RunCell extends CellName {
  /** Ids of the entries that explained a difference in it. */
  used: readonly string[];
  /** It ran and was judged. */
  judged: boolean;
}

export interface LedgerCheck {
  ledger: readonly LedgerEntry[];
  /** Ids of every scenario that exists, run or not. */
  scenarios: readonly string[];
  cells: readonly RunCell[];
  today: string;
  engineVersion: string;
}

/**
 * What is wrong with the ledger itself. An entry is said to occur no longer only when every scenario that it names has run for one of its
 * clients: a run of a part proves nothing about the rest.
 */
export function ledgerProblems({ ledger, scenarios, cells, today, engineVersion }: LedgerCheck): LedgerProblem[] {
  return ledger.flatMap((entry): LedgerProblem[] => {
    const named = scenarios.filter((id) => matchesId(id, entry.scenario));
    if (named.length === 0) {
      return [{ entry, problem: 'unmatched', message: `${entry.id}: no scenario matches ${entry.scenario}` }];
    }
    const expired = expiry(entry, today, engineVersion);
    if (expired !== undefined) return [{ entry, problem: 'expired', message: `${entry.id}: ${expired}` }];
    const its = cells.filter((cell) => cell.judged && appliesTo(entry, cell));
    if (its.some((cell) => cell.used.includes(entry.id))) return [];
    const ran = new Set(its.map((cell) => cell.scenario));
    const complete = entry.clients.every((client) => {
      const wanted = new Set(cells.filter((cell) => cell.client === client).map((cell) => cell.scenario));
      return wanted.size === 0 || named.every((id) => wanted.has(id));
    });
    if (its.length === 0 || !complete || !named.every((id) => ran.has(id))) return [];
    const message = `${entry.id}: ${entry.path} no longer occurs in any cell of ${entry.scenario}`;
    return [{ entry, problem: 'no-longer-occurs', message }];
  });
}
