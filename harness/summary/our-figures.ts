import { roundedDown } from '../../testing/text.ts';
import type { CellResult } from '../cell/types.ts';
import { type ClientId, clientFacts, clientsWhere, isGuest } from '../clients/clients.ts';
import { holds } from '../judging/holds.ts';
import { type LedgerKind, ledgerKinds } from '../verdict/ledger-kinds.ts';

/** Cells that are compared with what an official client did: its golden, or its run on the same engine. */
export interface ComparedFigures {
  compared: number;
  /** Of these: without any difference. */
  equal: number;
  /** Of these: with differences that the ledger explains, and no other. */
  known: number;
  /** Of those compared: on the real engine. */
  onRealEngine: number;
}

/** Cells of one of our clients, or of a guest. */
export interface OurFigures extends ComparedFigures {
  /** `known` by kind of the entries that explain them. A cell counts once, by the kind that says most against us. */
  knownBy: Record<LedgerKind, number>;
  /** Compared with what no official client did: no part of the above. */
  baseline: number;
}

/** The official clients, and those without an SDK. */
export interface ReferenceFigures extends ComparedFigures {
  /** On another engine than the pin: unlike the golden, which is the engine's doing. */
  drifted: number;
}

/** Says what kind of entry an id is. */
export type KindOf = (id: string) => LedgerKind | undefined;

const ours = clientsWhere(({ maker }) => maker === 'ours');

/** By client; those that have a cell that applies. */
export type FiguresByClient = Readonly<Record<string, OurFigures>>;

export const figuresOfOurs = (results: readonly CellResult[], kindOf: KindOf): FiguresByClient =>
  figuresOf(ours, results, kindOf);

/** Guests are compared as ours are; none of this is about us. */
export const figuresOfGuests = (results: readonly CellResult[], kindOf: KindOf): FiguresByClient =>
  figuresOf([...new Set(results.map(({ client }) => client))].filter(isGuest), results, kindOf);

function figuresOf(clients: readonly ClientId[], results: readonly CellResult[], kindOf: KindOf): FiguresByClient {
  const figures = clients.flatMap((client) => {
    const own = results.filter((cell) => cell.client === client && cell.verdict !== 'not-applicable');
    return own.length === 0 ? [] : [[client, ofOneClient(own, kindOf)] as const];
  });
  return Object.fromEntries(figures);
}

function ofOneClient(cells: readonly CellResult[], kindOf: KindOf): OurFigures {
  const knownBy = Object.fromEntries(ledgerKinds.map((kind) => [kind, 0])) as Record<LedgerKind, number>;
  for (const { verdict, baseline, known } of cells) {
    if (!holds('known-counts-once', verdict === 'known-difference' && !baseline)) continue;
    const kinds = new Set(known.map(({ id }) => kindOf(id)));
    // What no entry explains any more is nobody else's.
    knownBy[ledgerKinds.find((kind) => kinds.has(kind)) ?? 'ts-defect'] += 1;
  }
  return { ...comparedFigures(cells), knownBy, baseline: cells.filter(isBaseline).length };
}

/** Whether the official clients still do what their recordings say, and how the fake plays them. */
export function figuresOfReferences(results: readonly CellResult[]): ReferenceFigures {
  const cells = results.filter(({ client, verdict }) => isReference(client) && verdict !== 'not-applicable');
  const drifted = cells.filter(({ drift = [] }) => drift.length > 0).length;
  return { ...comparedFigures(cells), drifted };
}

/** Cells of all clients that are compared with what no official client did. */
export const countBaselines = (results: readonly CellResult[]): number => results.filter(isBaseline).length;

/** How much of what our clients do is like their reference, 0 to 1. Baselines count in neither. */
export function sharesOfOurs(figures: FiguresByClient): {
  matchBeforeLedger: number;
  matchForGoal: number;
} {
  const all = Object.values(figures);
  const sum = (of: (one: OurFigures) => number) => all.reduce((total, one) => total + of(one), 0);
  const [compared, equal] = [sum((one) => one.compared), sum((one) => one.equal)];
  const counting = compared - sum(knownApart);
  const share = (of: number) => (of === 0 ? 0 : roundedDown(equal / of, 4));
  return { matchBeforeLedger: share(compared), matchForGoal: share(counting) };
}

/** Kinds of what is not our doing, or deliberately better: shown, and not counted against the goal. */
const apart = ['safer-by-design', 'python-defect', 'upstream'] as const satisfies readonly LedgerKind[];

/** Of the known differences: those that do not count against the goal. */
export const knownApart = ({ knownBy }: OurFigures): number => apart.reduce((sum, kind) => sum + knownBy[kind], 0);

const isReference = (client: ClientId): boolean => ['official', 'none'].includes(clientFacts(client).maker);
const isBaseline = ({ client, verdict, baseline }: CellResult): boolean =>
  holds(
    'cell-is-baseline',
    verdict !== 'not-applicable' &&
      (baseline === true || (verdict === 'baseline' && clientFacts(client).maker !== 'official')),
  );

function comparedFigures(cells: readonly CellResult[]): ComparedFigures {
  const compared = cells.filter((cell) =>
    holds(
      'cell-compared',
      !isBaseline(cell) &&
        cell.verdict !== 'could-not-run' &&
        // On another engine, without a golden: what the others are compared with, and itself compared with nothing.
        (cell.verdict !== 'baseline' || (cell.drift ?? []).length > 0),
    ),
  );
  const of = (verdict: CellResult['verdict']) => compared.filter((cell) => cell.verdict === verdict).length;
  return {
    compared: compared.length,
    equal: of('match'),
    known: of('known-difference'),
    onRealEngine: compared.filter(({ engine }) => engine === 'real').length,
  };
}
