import { cellPath } from '../../../../cell/cell-path.ts';
import { clientFacts, type Family } from '../../../../clients/clients.ts';
import type {
  ReportBehaviour,
  ReportCell,
  ReportDifference,
  ReportGolden,
  ReportModel,
  ReportScenario,
} from '../../../model.ts';
import { columnOrder } from './columns.ts';

/** The model, with indexes into it. */
export interface ReportIndex {
  model: ReportModel;
  /** The cells that are worth a place: all but those of clients for which the scenario was never meant. */
  shown: readonly ReportCell[];
  /** By `cellPath`. */
  cells: ReadonlyMap<string, ReportCell>;
  /** In the order of the columns. */
  byScenario: ReadonlyMap<string, readonly ReportCell[]>;
  scenarios: ReadonlyMap<string, ReportScenario>;
  /** By `expectationName`. */
  goldens: ReadonlyMap<string, ReportGolden>;
  /** Ledger id → the cells that need it. */
  uses: ReadonlyMap<string, readonly ReportCell[]>;
  behaviours: ReadonlyMap<string, ReportBehaviour>;
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
  for (const cells of byScenario.values()) cells.sort(columnOrder);
  const scenarios = new Map(model.scenarios.map((scenario) => [scenario.id, scenario]));
  return {
    model,
    shown: model.cells.filter(
      (cell) => cell.verdict !== 'not-applicable' || clientFacts(cell.client).family === familyOf(cell, scenarios),
    ),
    cells: new Map(model.cells.map((cell) => [cellPath(cell), cell])),
    byScenario,
    scenarios,
    goldens: new Map(model.goldens.map((golden) => [golden.name, golden])),
    uses,
    behaviours: new Map(model.behaviours.map((behaviour) => [behaviour.id, behaviour])),
  };
}

/** The family of a cell's scenario; of one that the report does not know, that of its client. */
export const familyOf = (cell: ReportCell, scenarios: ReportIndex['scenarios']): Family =>
  scenarios.get(cell.scenario)?.family ?? clientFacts(cell.client).family;

export function differenceAt({ differences }: ReportModel, index: number): ReportDifference {
  const found = differences[index];
  if (found === undefined)
    throw new Error(
      `Reading the report: expected a difference number ${index}, got ${differences.length} differences.`,
    );
  return found;
}
