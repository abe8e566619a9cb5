import type { Verdict } from '../../../../cell/types.ts';
import { type ClientId, clientFacts, type Family, families } from '../../../../clients/clients.ts';
import type { ReportCell } from '../../../model.ts';
import { type CellFilter, fitting, folderOf } from '../shared/cell-filter.ts';
import { columnEngine, columnOrder } from '../shared/columns.ts';
import { groupBy } from '../shared/group-by.ts';
import { familyOf, type ReportIndex } from '../shared/report-index.ts';
import { isFailing } from '../shared/verdicts.tsx';

export interface MatrixColumn {
  client: ClientId;
  /** With its platform, if that is not the run's. */
  engine: string;
}

/** A cell's rounds, and whether any of them matches the filter. */
export interface MatrixSlot {
  rounds: readonly ReportCell[];
  fits: boolean;
}

export type MatrixRow =
  /** `slots`: for each column, how many of its matching cells have each verdict. */
  | { kind: 'folder'; folder: string; scenarios: number; open: boolean; slots: ReadonlyMap<Verdict, number>[] }
  | { kind: 'scenario'; scenario: string; slots: MatrixSlot[] };

/** The scenarios of one family, in the columns of its clients. */
export interface Matrix {
  family: Family;
  columns: MatrixColumn[];
  rows: MatrixRow[];
  scenarios: number;
}

export interface Matrices {
  /** Of the families that have matching cells. */
  tables: Matrix[];
  /** Matching cells; each round counts. */
  fitting: number;
}

/** Folder → whether the reader opened or folded it. */
export type Folds = ReadonlyMap<string, boolean>;

/** More scenarios than these are folded into their folders, unless the reader looks for some of them. */
const fewScenarios = 40;

interface Chosen {
  scenario: string;
  cells: readonly ReportCell[];
  fit: ReadonlySet<ReportCell>;
}

/**
 * A table for each family: the rows with a matching cell, below their folders, and the columns in which any cell matches. A folder with a failure is open.
 */
export function matrices(report: ReportIndex, filter: CellFilter, folds: Folds): Matrices {
  const fits = fitting(filter);
  const { scenarios } = report;
  const shown = new Set(report.shown);
  const chosen: Record<Family, Chosen[]> = { 'app-server': [], exec: [] };
  let count = 0;
  for (const [scenario, all] of report.byScenario) {
    const cells = all.filter((cell) => shown.has(cell));
    const fit = new Set(cells.filter((cell) => fits(cell, scenarios.get(scenario))));
    const [first] = fit;
    if (first === undefined) continue;
    count += fit.size;
    chosen[familyOf(first, scenarios)].push({ scenario, cells, fit });
  }
  const isNarrow = filter.words !== '' || Object.keys(filter.chosen).length > 0;
  const few = isNarrow || Object.values(chosen).flat().length <= fewScenarios;
  const tables = families.filter((family) => chosen[family].length > 0);
  return { fitting: count, tables: tables.map((family) => matrixOf(family, chosen[family], folds, few)) };
}

function matrixOf(family: Family, chosen: readonly Chosen[], folds: Folds, few: boolean): Matrix {
  const columns = columnsOf(chosen.flatMap(({ fit }) => [...fit]));
  const inColumn = (cells: Iterable<ReportCell>, { client, engine }: MatrixColumn) =>
    [...cells].filter((cell) => cell.client === client && columnEngine(cell) === engine);
  const rows = [...groupBy(chosen, ({ scenario }) => folderOf(scenario))].flatMap(([folder, within]): MatrixRow[] => {
    const fit = within.flatMap((one) => [...one.fit]);
    const open = folds.get(foldName(family, folder)) ?? (few || fit.some(({ verdict }) => isFailing(verdict)));
    const slots = columns.map((column) => {
      const byVerdict = groupBy(inColumn(fit, column), ({ verdict }) => verdict);
      return new Map([...byVerdict].map(([verdict, { length }]) => [verdict, length]));
    });
    const head: MatrixRow = { kind: 'folder', folder, scenarios: within.length, open, slots };
    if (!open) return [head];
    const body = within.map((one): MatrixRow => {
      const own = columns.map((column) => inColumn(one.cells, column));
      const slotOf = (rounds: ReportCell[]): MatrixSlot => ({ rounds, fits: rounds.some((cell) => one.fit.has(cell)) });
      return { kind: 'scenario', scenario: one.scenario, slots: own.map(slotOf) };
    });
    return [head, ...body];
  });
  return { family, columns, rows, scenarios: chosen.length };
}

export const foldName = (family: Family, folder: string): string => `${family} ${folder}`;

/** In the one order; without those in which nothing ran, if anything ran at all. */
function columnsOf(cells: readonly ReportCell[]): MatrixColumn[] {
  const ran = cells.filter(({ verdict }) => verdict !== 'not-applicable');
  const ordered = (ran.length > 0 ? ran : [...cells]).toSorted(columnOrder);
  const columns = groupBy(ordered, (cell) => `${cell.client} ${columnEngine(cell)}`);
  return [...columns.values()].flatMap(([first]) =>
    first === undefined ? [] : [{ client: first.client, engine: columnEngine(first) }],
  );
}

export const isOurs = (client: ClientId | undefined): boolean =>
  client !== undefined && clientFacts(client).maker === 'ours';
