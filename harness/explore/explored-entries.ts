import type { LedgerEntry } from '../verdict/ledger.ts';

/** Every scenario: an explored run has the name of none. */
const anywhere = '**';

/** The entries of the ledger that hold wherever what they name comes up (`explored: true`), for runs that nobody wrote down. */
export const exploredEntries = (ledger: readonly LedgerEntry[]): LedgerEntry[] =>
  ledger.flatMap((entry) => (entry.explored === true ? { ...entry, scenario: anywhere } : []));
