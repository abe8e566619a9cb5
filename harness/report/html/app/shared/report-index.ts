import { cellPath } from '../../../../cell/cell-path.ts';
import type { ReportCell, ReportDifference, ReportGolden, ReportModel, ReportScenario } from '../../../model.ts';

/** The model, with indexes into it. */
export interface ReportIndex {
  model: ReportModel;
  /** By `cellPath`. */
  cells: ReadonlyMap<string, ReportCell>;
  byScenario: ReadonlyMap<string, readonly ReportCell[]>;
  scenarios: ReadonlyMap<string, ReportScenario>;
  /** By `expectationName`. */
  goldens: ReadonlyMap<string, ReportGolden>;
  /** Ledger id → the cells that need it. */
  uses: ReadonlyMap<string, readonly ReportCell[]>;
}

export function indexReport(model: ReportModel): ReportIndex {
  const byScenario = new Map<string, ReportCell[]>();
  const uses = new Map<string, ReportCell[]>();
  const add = (map: Map<string, ReportCell[]>, key: string, cell: ReportCell) => {
    const there = map.get(key);
    if (there === undefined) map.set(key, [cell]);
    else there.push(cell);
  };
  for (const cell of model.cells) {
    add(byScenario, cell.scenario, cell);
    for (const id of new Set(cell.known.map(([name]) => name))) add(uses, id, cell);
  }
  return {
    model,
    cells: new Map(model.cells.map((cell) => [cellPath(cell), cell])),
    byScenario,
    scenarios: new Map(model.scenarios.map((scenario) => [scenario.id, scenario])),
    goldens: new Map(model.goldens.map((golden) => [golden.name, golden])),
    uses,
  };
}

export function differenceAt({ differences }: ReportModel, index: number): ReportDifference {
  const found = differences[index];
  if (found === undefined)
    throw new Error(
      `Reading the report: expected a difference number ${index}, got ${differences.length} differences.`,
    );
  return found;
}
