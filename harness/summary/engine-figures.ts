import type { CellResult } from '../cell/types.ts';
import { type ClientId, clientsWhere } from '../clients/clients.ts';
import { type DriftFigures, driftOf } from './drift.ts';
import { countVerdicts, type VerdictCounts } from './verdict-counts.ts';

/** What a run found on one engine version; the pin's figures contain the fake's cells, which stand for it. */
export interface EngineFigures {
  version: string;
  /** Of the binary; `fake` where the real engine was not there. */
  sha256: string;
  verdicts: VerdictCounts;
  /** Parity of our clients there. */
  ours: Partial<Record<ClientId, OurFigures>>;
  /** Of another engine than the pin: what the references show differently there than in their goldens. */
  drift?: DriftFigures;
}

/** Cells of one of our clients. */
export interface OurFigures {
  /** With what an official client did: the golden, or its run on the same engine. */
  compared: number;
  /** Of these: without any difference. */
  equal: number;
  /** Of these: with differences that the ledger explains, and no other. */
  known: number;
  /** With what no official client did: no part of the above. */
  baseline: number;
  /** Of those compared: on the real engine. */
  onRealEngine: number;
}

const ours = clientsWhere(({ maker }) => maker === 'ours');

/** Figures for each engine of a run, in the given order. */
export function engineFigures(
  engines: readonly { version: string; sha256: string }[],
  pin: string,
  results: readonly CellResult[],
): EngineFigures[] {
  return engines.map(({ version, sha256 }) => {
    const cells = results.filter(({ engineVersion = pin }) => engineVersion === version);
    const figures = ours.flatMap((client) => {
      const own = cells.filter((cell) => cell.client === client && cell.verdict !== 'not-applicable');
      return own.length === 0 ? [] : [[client, ourFigures(own)] as const];
    });
    return {
      version,
      sha256,
      verdicts: countVerdicts(cells),
      ours: Object.fromEntries(figures),
      ...(version !== pin && { drift: driftOf(cells) }),
    };
  });
}

function ourFigures(cells: readonly CellResult[]): OurFigures {
  const of = (verdict: CellResult['verdict']) => cells.filter((cell) => cell.verdict === verdict).length;
  const compared = cells.filter(({ verdict }) => verdict !== 'baseline' && verdict !== 'could-not-run');
  return {
    compared: compared.length,
    equal: of('match'),
    known: of('known-difference'),
    baseline: of('baseline'),
    onRealEngine: compared.filter(({ engine }) => engine === 'real').length,
  };
}
