import type { CellResult } from '../../cell/types.ts';
import type { LedgerEntry, LedgerKind } from '../../verdict/ledger.ts';

export interface KindFigures {
  kind: LedgerKind;
  entries: number;
  /** Cells in which an entry of this kind explained something. */
  cells: number;
}

/** How many entries of each kind the ledger has, and in how many cells of a run they were needed; the most frequent first. */
export function ledgerKinds(ledger: readonly LedgerEntry[], results: readonly CellResult[]): KindFigures[] {
  const kindOf = new Map(ledger.map(({ id, kind }) => [id, kind]));
  const figures = new Map<LedgerKind, KindFigures>();
  for (const { kind } of ledger) {
    const one = figures.get(kind) ?? { kind, entries: 0, cells: 0 };
    one.entries += 1;
    figures.set(kind, one);
  }
  for (const { known } of results) {
    for (const kind of new Set(known.map(({ id }) => kindOf.get(id)))) {
      const one = kind === undefined ? undefined : figures.get(kind);
      if (one !== undefined) one.cells += 1;
    }
  }
  return [...figures.values()].sort((a, b) => b.entries - a.entries || (a.kind < b.kind ? -1 : 1));
}
