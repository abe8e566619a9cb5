import { engineName } from '../../../../cell/cell-path.ts';
import type { ReportCell } from '../../../model.ts';
import { type CellFilter, fitting, folderOf } from '../shared/cell-filter.ts';
import { groupBy } from '../shared/group-by.ts';
import type { ReportIndex } from '../shared/report-index.ts';

export interface MatrixColumn {
  client: string;
  /** With its platform, if that is not the run's. */
  engine: string;
}

export const columnEngine = (cell: ReportCell): string =>
  cell.platform === undefined ? engineName(cell) : `${engineName(cell)} ${cell.platform}`;

/** A cell's rounds, and whether any of them matches the filter. */
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
  /** Matching cells; each round counts. */
  fitting: number;
}

/** The rows with a matching cell, below their folders, and the columns in which any cell matches. */
export function matrixRows({ byScenario, scenarios }: ReportIndex, filter: CellFilter): Matrix {
  const fits = fitting(filter);
  const columns = new Map<string, MatrixColumn>();
  const chosen: { scenario: string; cells: readonly ReportCell[]; fit: Set<ReportCell> }[] = [];
  /** Columns of cells that never apply: an exec client if only app-server scenarios are shown. */
  const idle = new Map<string, MatrixColumn>();
  let count = 0;
  for (const [scenario, cells] of byScenario) {
    const fit = new Set(cells.filter((cell) => fits(cell, scenarios.get(scenario))));
    if (fit.size === 0) continue;
    count += fit.size;
    chosen.push({ scenario, cells, fit });
    for (const cell of fit) {
      const column = { client: cell.client, engine: columnEngine(cell) };
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
        const rounds = cells.filter((cell) => cell.client === client && columnEngine(cell) === engine);
        return { rounds, fits: rounds.some((cell) => fit.has(cell)) };
      });
      rows.push({ kind: 'scenario', scenario, slots });
    }
  }
  return { columns: shown, rows, fitting: count };
}

/** The engines of one client are next to each other. */
const sideBySide = (columns: MatrixColumn[]): MatrixColumn[] =>
  [...groupBy(columns, ({ client }) => client).values()].flat();
