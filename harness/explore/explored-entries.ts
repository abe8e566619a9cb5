import { matchesId } from '../scenario/index.ts';
import type { LedgerEntry } from '../verdict/ledger.ts';

/** Every scenario: an explored run has the name of none. */
const anywhere = '**';

/** What the ledger explains in runs that nobody wrote down: what its entries say under `explored`, whatever the scenario. */
export const exploredEntries = (ledger: readonly LedgerEntry[]): LedgerEntry[] =>
  ledger.flatMap(
    ({ path: _path, reference: _reference, client: _client, consequences: _consequences, explored = [], ...entry }) =>
      explored.map((one) => ({ ...entry, ...one, scenario: anywhere })),
  );

/** What the ledger explains in a run that was made from a scenario. */
export const entriesFrom = (ledger: readonly LedgerEntry[], scenario: string): LedgerEntry[] =>
  ledger.filter((entry) => matchesId(scenario, entry.scenario)).map((entry) => ({ ...entry, scenario: anywhere }));
