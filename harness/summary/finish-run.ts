import path from 'node:path';
import { cellPath, expectationName } from '../cell/cell-path.ts';
import type { CellResult } from '../cell/types.ts';
import type { WireChecker } from '../contract/check-wire.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import { behaviourCounts } from '../proofs/behaviours/check-behaviours.ts';
import { allPoints } from '../proofs/coverage/all-points.ts';
import { type CellCoverage, coveragePath, writeCoverage } from '../proofs/coverage/coverage-file.ts';
import { coverageReport } from '../proofs/coverage/coverage-report.ts';
import { readExclusions } from '../proofs/coverage/exclusions.ts';
import { cachedFigures, selfDifferences, sensitivityProblems } from '../proofs/sensitivity/cached-figures.ts';
import { type Flagged, noFigures } from '../proofs/sensitivity/tamper/flagged.ts';
import { cachedSurface } from '../proofs/surface/cached-surface.ts';
import { surfaceCounts } from '../proofs/surface/index.ts';
import type { Folders } from '../run/folders.ts';
import { type RunRequest, type RunResult, writeRunResult } from '../run/run-result.ts';
import type { Library } from '../scenario/index.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import type { LedgerEntry } from '../verdict/ledger.ts';
import { judgedHere, ledgerProblems, markStale } from '../verdict/ledger-health.ts';
import { type LedgerShare, ledgerShares, wideEntries } from '../verdict/ledger-share.ts';
import { phasesOf, type Summary, summarise } from './summary.ts';

/** A run whose cells have all been judged: of this process, or read from folders of results. */
export interface JudgedRun {
  result: RunResult;
  coverage: readonly CellCoverage[];
  /** By `cellPath`. */
  observations: ReadonlyMap<string, NormalisedObservation>;
  /** Of a run that has not ended: it takes until its figures are there. */
  begun?: Date;
  /** How long its cells took, all together, in milliseconds. */
  cellsMs?: number;
}

/** What a run is judged by as a whole. */
export interface Environment {
  folders: Folders;
  /** Python of the virtual environment; undefined where there is none. */
  python: string | undefined;
  ledger: readonly LedgerEntry[];
  checker: WireChecker;
  /** The ids of every scenario that exists, and at least those that ran. */
  library: Library;
}

export interface FinishedRun {
  summary: Summary;
  /** As judged by the whole: what is stale is marked. */
  results: readonly CellResult[];
  /** What cells were compared with, by `expectationName`. */
  goldens: ReadonlyMap<string, NormalisedObservation>;
  /** Those that ran. */
  scenarios: readonly LoadedScenario[];
}

/** Who waits for the figures: what takes its time is said, and left out once nobody waits any more. */
export interface Progress {
  signal: AbortSignal;
  /** @param part of what takes long */
  doing(what: string, part?: { done: number; of: number }): void;
}

/**
 * What only the whole tells: the ledger's health, the sensitivity figures, coverage, the summary. Writes the run's result (as its cells were judged) and what
 * it covered.
 */
export async function finishRun(
  { result: judged, coverage, observations, begun, cellsMs = 0 }: JudgedRun,
  { folders, python, ledger, checker, library }: Environment,
  progress: Progress,
): Promise<FinishedRun> {
  progress.doing('judging the run as a whole');
  const { out } = folders;
  await writeRunResult(out, judged);
  const result = { ...judged };
  const { ids } = library;
  const found = ledgerProblems({
    ledger,
    scenarios: ids,
    // Whether an entry still occurs is a question to the pin.
    cells: result.results.filter(isOfPin).map((cell) => ({
      ...cell,
      used: cell.known.map(({ id }) => id),
      judged: cell.verdict !== 'not-applicable' && cell.verdict !== 'could-not-run',
      notApplicable: cell.verdict === 'not-applicable',
    })),
    today: new Date().toISOString().slice(0, 10),
    engineVersion: result.engine.version,
  });
  const problems = judgedHere(found, result.shard !== null);
  const results = markStale(result.results, problems);
  const ran = new Set(results.map(({ scenario }) => scenario));
  const scenarios = library.scenarios.filter(({ id }) => ran.has(id));
  const goldens = await readGoldens(folders, scenarios);
  const whole = scenarios.length === ids.length;
  const shares = ledgerShares(ledger, goldens);
  const { exclusionProblems, ...figures } = await measureCoverage(
    { folders, python, checker, coverage, request: result.request },
    ids,
    progress,
  );
  const measuring = performance.now();
  const sensitivity = {
    ...(await measureSensitivity(result, [...goldens.values()], folders, progress)),
    selfDifferences: selfDifferences([...goldens.values()], results.filter(isOfPin)),
  };
  const sensitivityMs = Math.round(performance.now() - measuring);
  if (begun !== undefined) {
    result.durationMs = Math.max(0, Date.now() - begun.getTime());
    await writeRunResult(out, result);
  }
  const kinds = new Map(ledger.map(({ id, kind }) => [id, kind]));
  const summary = summarise({
    begun: result.begun,
    commit: result.commit,
    dirty: result.dirty,
    engine: result.engine,
    ...(result.engines !== undefined && { engines: result.engines }),
    everything: ids,
    platforms: byPlatform(result, results),
    clients: result.clients,
    results,
    ledger: {
      entries: ledger.length,
      problems: [...problems.map(({ message }) => message), ...wideEntries(shares, whole)],
      ...(whole && { widest: widestOf(shares) }),
    },
    problems: [...sensitivityProblems(sensitivity), ...exclusionProblems.map((one) => `exclusion of coverage: ${one}`)],
    sensitivity,
    kindOf: (id) => kinds.get(id),
    ...figures,
    durationMs: result.durationMs,
    ...(begun !== undefined && { phases: phasesOf(result.durationMs, cellsMs, sensitivityMs) }),
    jobs: result.jobs,
  });
  const expected = new Map([...goldens, ...referenceRuns(results, observations)]);
  return { summary, results, goldens: expected, scenarios };
}

const widestOf = (shares: readonly LedgerShare[]): LedgerShare | null =>
  [...shares].sort((a, b) => b.ofAll - a.ofAll)[0] ?? null;

const isOfPin = ({ engineVersion }: CellResult): boolean => engineVersion === undefined;

/** On another engine than the pin, cells are compared with what the reference did there. By `expectationName`. */
function referenceRuns(
  results: readonly CellResult[],
  observations: JudgedRun['observations'],
): Map<string, NormalisedObservation> {
  const runs = new Map<string, NormalisedObservation>();
  for (const cell of results) {
    if (cell.reference === undefined || cell.drift !== undefined) continue;
    const run = observations.get(cellPath({ ...cell, client: cell.reference, round: 1 }));
    if (run !== undefined) runs.set(expectationName(cell), run);
  }
  return runs;
}

async function readGoldens(folders: Folders, scenarios: readonly LoadedScenario[]) {
  const goldens = new Map<string, NormalisedObservation>();
  for (const { id } of scenarios) {
    // A broken one has made its cells fail already.
    const golden = await readGolden(goldenPath(folders.goldens, id)).catch(() => undefined);
    if (golden !== undefined) goldens.set(id, golden);
  }
  return goldens;
}

function byPlatform({ platform }: RunResult, results: readonly CellResult[]): Map<string, CellResult[]> {
  const groups = new Map<string, CellResult[]>([[platform, []]]);
  for (const cell of results) {
    const on = cell.platform ?? platform;
    groups.set(on, [...(groups.get(on) ?? []), cell]);
  }
  return groups;
}

/** How well the comparison finds what is wrong: of a whole run only; a run of a part, or without the references, does not wait for it. */
async function measureSensitivity(
  { request, shard, engine }: RunResult,
  goldens: readonly NormalisedObservation[],
  { repository }: Folders,
  progress: Progress,
): Promise<Flagged> {
  const ofPin = request.engineVersions?.includes(engine.version) ?? true;
  if (!ofPin || progress.signal.aborted || shard !== null || request.scenario !== null || request.offline)
    return noFigures;
  const say = (done: number) =>
    progress.doing('measuring the sensitivity, golden by golden', { done, of: goldens.length });
  return cachedFigures(goldens, repository, say, progress.signal);
}

export interface CoverageSources {
  request: RunRequest;
  folders: Folders;
  /** Python of the virtual environment; undefined where there is none. */
  python: string | undefined;
  checker: WireChecker;
  coverage: readonly CellCoverage[];
}

/** What a run covered, for its summary; written to `coverage.json` cell by cell. The surface is none where it cannot be told. */
async function measureCoverage(
  { folders, python, checker, coverage: cells, request }: CoverageSources,
  ids: readonly string[],
  { signal, doing }: Progress,
): Promise<Pick<Summary, 'coverage'> & { surface: Summary['surface']; exclusionProblems: string[] }> {
  await writeCoverage(coveragePath(folders.out), cells);
  const exclusions = await readExclusions(path.join(folders.repository, 'fixtures', 'coverage-exclusions.yaml'));
  const { kinds, problems } = coverageReport(allPoints(checker.contract), cells, exclusions);
  const coverage: Summary['coverage'] = {};
  for (const [kind, { hit, real, total, excluded }] of Object.entries(kinds))
    coverage[kind] = { hit, real, total, excluded };
  const { proven, total } = await behaviourCounts(folders.repository, ids);
  coverage.behaviours = { hit: proven, real: proven, total, excluded: 0 };
  // A run of some scenarios shows the comparison where one is kept, and waits for none.
  const asks = request.scenario === null && !signal.aborted;
  if (asks) doing('comparing the surfaces of the SDKs');
  const surface = signal.aborted
    ? undefined
    : await cachedSurface(folders.repository, asks ? python : undefined, signal);
  return { coverage, surface: surface && surfaceCounts(surface), exclusionProblems: problems };
}
