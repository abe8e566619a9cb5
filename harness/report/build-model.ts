import { channelsWithoutFake, type Difference } from '../compare/compare.ts';
import { rules } from '../normalise/rules/index.ts';
import type { NormalisedLine, NormalisedObservation } from '../normalise/types.ts';
import type { Channel } from '../observation/types.ts';
import type { CellResult } from '../run/types.ts';
import type { LedgerEntry } from '../verdict/ledger.ts';
import { cellPath } from './cell-path.ts';
import { Interner } from './intern.ts';
import type { LaneRows, ReportCell, ReportDifference, ReportGolden, ReportModel, ReportSummary } from './model.ts';

export interface ReportInput {
  summary: ReportSummary;
  results: readonly CellResult[];
  ledger: readonly LedgerEntry[];
  /** By scenario id. */
  goldens: ReadonlyMap<string, NormalisedObservation>;
  /** By `cellPath`. A cell without one, because it did not run, is shown without lanes. */
  observations: ReadonlyMap<string, NormalisedObservation>;
}

/** Everything that a report shows, small: what cells share is kept once, and of a cell only the lanes that differ from its golden. */
export function buildReportModel({ summary, results, ledger, goldens, observations }: ReportInput): ReportModel {
  const tables: Tables = {
    rows: new Interner(),
    sequences: new Interner(),
    differences: new Interner(),
    fired: new Interner(),
  };
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))];
  const reportGoldens = scenarios.flatMap((scenario): ReportGolden[] => {
    const golden = goldens.get(scenario);
    if (golden === undefined) return [];
    const { client, engineVersion } = golden.header;
    return [{ scenario, client, engineVersion, lanes: sequencesOf(lanesOf(golden), tables) }];
  });
  const cells = results.map((result) =>
    cellOf(result, goldens.get(result.scenario), observations.get(cellPath(result)), tables),
  );
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
  };
}

interface Tables {
  rows: Interner<NormalisedLine>;
  sequences: Interner<number[]>;
  differences: Interner<ReportDifference>;
  fired: Interner<Record<string, number>>;
}

interface Placed {
  line: NormalisedLine;
  /** Among all lines of the observation, as `Difference` counts. */
  number: number;
}

type Lanes = Map<string, Placed[]>;

function lanesOf(
  observation: NormalisedObservation | undefined,
  keep: (line: NormalisedLine) => boolean = () => true,
): Lanes {
  const lanes: Lanes = new Map();
  for (const [number, line] of (observation?.lines ?? []).entries()) {
    if (!keep(line)) continue;
    const { lane, ch, key, body } = line;
    const placed = lanes.get(lane) ?? [];
    placed.push({ line: { lane, ch, key, body }, number });
    lanes.set(lane, placed);
  }
  return lanes;
}

function sequencesOf(lanes: Lanes, { rows, sequences }: Tables): LaneRows[] {
  return [...lanes].map(([lane, placed]) => [lane, sequences.add(placed.map(({ line }) => rows.add(line)))]);
}

function cellOf(
  result: CellResult,
  golden: NormalisedObservation | undefined,
  observation: NormalisedObservation | undefined,
  tables: Tables,
): ReportCell {
  const differing = new Set(
    [...result.unexplained, ...result.known.map(({ difference }) => difference)].map(({ lane }) => lane),
  );
  const ignore = result.engine === 'fake' ? channelsWithoutFake : new Set<Channel>();
  const keep = ({ lane, ch }: NormalisedLine) => (golden === undefined || differing.has(lane)) && !ignore.has(ch);
  const expected = lanesOf(golden, keep);
  const actual = lanesOf(observation, keep);
  const places = { expected: placesOf(expected), actual: placesOf(actual) };
  const add = (difference: Difference) => tables.differences.add(withPlaces(difference, places));
  const { scenario, client, engine, round, verdict, reason, durationMs, raw } = result;
  return {
    scenario,
    client,
    engine,
    round,
    verdict,
    ...(reason !== undefined && { reason }),
    durationMs: Math.round(durationMs),
    unexplained: result.unexplained.map(add),
    known: result.known.map(({ id, difference }) => [id, add(difference)]),
    ...(raw !== undefined && { raw }),
    fired: tables.fired.add(result.fired),
    ...(observation !== undefined && { lanes: sequencesOf(withEmpty(expected, actual), tables) }),
  };
}

/** The client's lanes, with an empty one for each that it lacks. */
function withEmpty(expected: Lanes, actual: Lanes): Lanes {
  return new Map([...[...expected.keys()].map((lane): [string, Placed[]] => [lane, []]), ...actual]);
}

/** Number of a line among all → its place in its lane. */
function placesOf(lanes: Lanes): Map<number, number> {
  return new Map(
    [...lanes.values()].flatMap((placed) => placed.map(({ number }, place): [number, number] => [number, place])),
  );
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
