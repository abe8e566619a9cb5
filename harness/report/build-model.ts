import { cellPath, expectationName } from '../cell/cell-path.ts';
import type { CellResult } from '../cell/types.ts';
import type { Difference } from '../compare/compare.ts';
import { ignoredChannels } from '../compare/ignored-channels.ts';
import { rules } from '../normalise/rules/index.ts';
import type { NormalisedLine, NormalisedObservation } from '../normalise/types.ts';
import type { HistoryEntry } from '../summary/history-entry.ts';
import type { Summary } from '../summary/summary.ts';
import { failureGroups } from '../verdict/failure-groups.ts';
import { labelDifferences } from '../verdict/label.ts';
import type { LedgerEntry } from '../verdict/ledger.ts';
import type {
  LaneRows,
  ReportBehaviour,
  ReportCell,
  ReportDifference,
  ReportGolden,
  ReportModel,
  ReportScenario,
} from './model.ts';
import { type PlacedLanes, placeLanes, placesOf } from './place-lanes.ts';

export interface ReportInput {
  summary: Summary;
  results: readonly CellResult[];
  ledger: readonly LedgerEntry[];
  /** What cells were compared with, by `expectationName`. */
  goldens: ReadonlyMap<string, NormalisedObservation>;
  /** By `cellPath`. A cell without one, because it did not run, is shown without lanes. */
  observations: ReadonlyMap<string, NormalisedObservation>;
  /** The scenarios of the results; one that is missing is shown without its title and text. */
  scenarios?: readonly ReportScenario[];
  /** Text of each of their files. */
  sources?: Readonly<Record<string, string>>;
  /**
   * `cellPath` → the raw observation relative to the report's folder, its index among the embedded ones, and the line
   * that the cell failed at.
   */
  evidence?: ReadonlyMap<string, Pick<ReportCell, 'raw' | 'embedded' | 'failedAt'>>;
  /** All that are known; the model has those that the ledger names. */
  behaviours?: readonly ReportBehaviour[];
  /** Committed past summaries, oldest first. */
  history?: readonly HistoryEntry[];
}

/**
 * Everything that a report shows, in small: what cells share is kept once, and of a cell only the lanes that differ
 * from its golden.
 */
export function buildReportModel(input: ReportInput): ReportModel {
  const { summary, results, ledger, goldens, observations, evidence } = input;
  const tables: Tables = {
    rows: new Interner(),
    sequences: new Interner(),
    differences: new Interner(),
    fired: new Interner(),
  };
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))];
  const expected = [...new Set(results.flatMap((result) => [result.scenario, expectationName(result)]))];
  const reportGoldens = expected.flatMap((name): ReportGolden[] => {
    const golden = goldens.get(name);
    if (golden === undefined) return [];
    const { client, engineVersion } = golden.header;
    return [{ name, client, engineVersion, lanes: sequencesOf(placeLanes(golden), tables) }];
  });
  const scripted = new Set((input.scenarios ?? []).flatMap(({ id, scripted: is }) => (is ? [id] : [])));
  const cells = results.map((result) => {
    const path = cellPath(result);
    const cell = cellOf(
      result,
      goldens.get(expectationName(result)),
      observations.get(path),
      scripted.has(result.scenario),
      tables,
    );
    const labels = result.unexplained.length > 0 && { labels: labelDifferences(result, results) };
    return { ...cell, ...labels, ...evidence?.get(path) };
  });
  const named = new Set(ledger.flatMap(({ behaviours = [] }) => behaviours));
  return {
    schemaVersion: 1,
    summary,
    ledger: ledger.map(({ line: _line, ...entry }) => entry),
    rules: rulesThatFired(results),
    rows: tables.rows.values,
    sequences: tables.sequences.values,
    differences: tables.differences.values,
    fired: tables.fired.values,
    goldens: reportGoldens,
    cells,
    failures: failureGroups(results).map(({ verdict, cells: own }) => ({
      verdict,
      cells: own.map((result) => results.indexOf(result)),
    })),
    behaviours: (input.behaviours ?? []).filter(({ id }) => named.has(id)),
    scenarios: (input.scenarios ?? []).filter(({ id }) => scenarios.includes(id)),
    sources: { ...input.sources },
    history: [...(input.history ?? [])],
  };
}

interface Tables {
  rows: Interner<NormalisedLine>;
  sequences: Interner<number[]>;
  differences: Interner<ReportDifference>;
  fired: Interner<Record<string, number>>;
}

function sequencesOf(lanes: PlacedLanes, { rows, sequences }: Tables): LaneRows[] {
  return [...lanes].map(([lane, placed]) => [lane, sequences.add(placed.map(({ line }) => rows.add(line)))]);
}

function cellOf(
  result: CellResult,
  golden: NormalisedObservation | undefined,
  observation: NormalisedObservation | undefined,
  scripted: boolean,
  tables: Tables,
): ReportCell {
  const differing = new Set(
    [...result.unexplained, ...(result.drift ?? []), ...result.known.map(({ difference }) => difference)].map(
      ({ lane }) => lane,
    ),
  );
  const ignore = ignoredChannels(result.engine, scripted);
  const keep = ({ lane, ch }: NormalisedLine) => (golden === undefined || differing.has(lane)) && !ignore.has(ch);
  const expected = placeLanes(golden, keep);
  const actual = placeLanes(observation, keep);
  const places = { expected: placesOf(expected), actual: placesOf(actual) };
  const add = (difference: Difference) => tables.differences.add(withPlaces(difference, places));
  const { scenario, client, engine, engineVersion, round, platform, verdict, reason, durationMs, drift } = result;
  return {
    scenario,
    client,
    engine,
    ...(engineVersion !== undefined && { engineVersion }),
    round,
    ...(platform !== undefined && { platform }),
    verdict,
    ...(reason !== undefined && { reason }),
    durationMs: Math.round(durationMs),
    ...(drift !== undefined && { drift: drift.map(add) }),
    unexplained: result.unexplained.map(add),
    known: result.known.map(({ id, difference }) => [id, add(difference)]),
    fired: tables.fired.add(result.fired),
    ...(observation !== undefined && { lanes: sequencesOf(withEmpty(expected, actual), tables) }),
  };
}

/** The client's lanes, with an empty one for each that it lacks. */
function withEmpty(expected: PlacedLanes, actual: PlacedLanes): PlacedLanes {
  return new Map([...[...expected.keys()].map((lane): [string, []] => [lane, []]), ...actual]);
}

function withPlaces(
  { kind, lane, path, expected, actual, expectedLine, actualLine }: Difference,
  places: { expected: Map<number, number>; actual: Map<number, number> },
): ReportDifference {
  const expectedAt = expectedLine === undefined ? undefined : places.expected.get(expectedLine);
  const actualAt = actualLine === undefined ? undefined : places.actual.get(actualLine);
  const isRow = kind !== 'changed' && (expectedAt ?? actualAt) !== undefined;
  return {
    kind,
    lane,
    path,
    ...(!isRow && expected !== undefined && { expected }),
    ...(!isRow && actual !== undefined && { actual }),
    ...(expectedAt !== undefined && { expectedAt }),
    ...(actualAt !== undefined && { actualAt }),
  };
}

function rulesThatFired(results: readonly CellResult[]): ReportModel['rules'] {
  const names = new Set(results.flatMap(({ fired }) => Object.keys(fired)));
  return [...rules.line, ...rules.value]
    .filter(({ name }) => names.has(name))
    .map(({ name, reason }) => ({ name, reason }));
}

/** Keeps each distinct JSON value once and gives its index: what thousands of cells share is embedded a single time. */
class Interner<T> {
  readonly values: T[] = [];
  readonly #indices = new Map<string, number>();

  add(value: T): number {
    const text = JSON.stringify(value);
    const known = this.#indices.get(text);
    if (known !== undefined) return known;
    this.#indices.set(text, this.values.length);
    return this.values.push(value) - 1;
  }
}
