import type { ReportCell } from '../../../model.ts';
import { type CellFilter, fitting, folderOf } from '../shared/cell-filter.ts';
import { groupBy } from '../shared/group-by.ts';
import type { ReportIndex } from '../shared/report-index.ts';

export interface MatrixColumn {
  client: string;
  /** With its platform, where that is another than the run's. */
  engine: string;
}

export const engineName = ({ engine, platform }: ReportCell): string =>
  platform === undefined ? engine : `${engine} ${platform}`;

/** A cell's rounds, and whether any of them fits the filter. */
export interface MatrixSlot {
  rounds: readonly ReportCell[];
  fits: boolean;
}

export type MatrixRow =
  | { kind: 'folder'; folder: string; scenarios: number }
  | { kind: 'scenario'; scenario: string; slots: MatrixSlot[] };

export interface Matrix {
  columns: MatrixColumn[];
  rows: MatrixRow[];
  /** Cells that fit, each round for itself. */
  fitting: number;
}

/** The rows with a cell that fits, below their folders, and those columns in which any does. */
export function matrixRows({ byScenario, scenarios }: ReportIndex, filter: CellFilter): Matrix {
  const fits = fitting(filter);
  const columns = new Map<string, MatrixColumn>();
  const chosen: { scenario: string; cells: readonly ReportCell[]; fit: Set<ReportCell> }[] = [];
  /** Columns of cells that apply nowhere: an exec client where only the app-server's scenarios are shown. */
  const idle = new Map<string, MatrixColumn>();
  let count = 0;
  for (const [scenario, cells] of byScenario) {
    const fit = new Set(cells.filter((cell) => fits(cell, scenarios.get(scenario))));
    if (fit.size === 0) continue;
    count += fit.size;
    chosen.push({ scenario, cells, fit });
    for (const cell of fit) {
      const column = { client: cell.client, engine: engineName(cell) };
      const name = `${column.client} ${column.engine}`;
      if (cell.verdict !== 'not-applicable') columns.set(name, column);
      else idle.set(name, column);
    }
  }
  const shown = sideBySide([...(columns.size > 0 ? columns : idle).values()]);
  const rows: MatrixRow[] = [];
  for (const [folder, within] of groupBy(chosen, ({ scenario }) => folderOf(scenario))) {
    rows.push({ kind: 'folder', folder, scenarios: within.length });
    for (const { scenario, cells, fit } of within) {
      const slots = shown.map(({ client, engine }) => {
        const rounds = cells.filter((cell) => cell.client === client && engineName(cell) === engine);
        return { rounds, fits: rounds.some((cell) => fit.has(cell)) };
      });
      rows.push({ kind: 'scenario', scenario, slots });
    }
  }
  return { columns: shown, rows, fitting: count };
}

/** The engines of one client stand beside each other. */
const sideBySide = (columns: MatrixColumn[]): MatrixColumn[] =>
  [...groupBy(columns, ({ client }) => client).values()].flat();
