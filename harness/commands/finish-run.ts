import { cellPath, expectationName } from '../cell/cell-path.ts';
import type { CellResult } from '../cell/types.ts';
import type { WireChecker } from '../contract/check-wire.ts';
import { goldenPath, readGolden } from '../golden/golden-file.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import type { CellCoverage } from '../proofs/coverage/coverage-file.ts';
import { cachedFigures, sensitivityProblem } from '../proofs/sensitivity/cached-figures.ts';
import { selfDifferences } from '../proofs/sensitivity/figures.ts';
import type { Folders } from '../run/folders.ts';
import { type RunResult, writeRunResult } from '../run/run-result.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { type Summary, summarise } from '../summary/summary.ts';
import type { LedgerEntry } from '../verdict/ledger.ts';
import { ledgerProblems } from '../verdict/ledger-health.ts';
import { type LedgerShare, ledgerShares, wideEntries } from '../verdict/ledger-share.ts';
import { markStale } from '../verdict/mark-stale.ts';
import type { Terminal } from './context.ts';
import type { JsonFile } from './json-file.ts';
import { measureCoverage } from './measure-coverage.ts';
import { writeOutputs } from './write-outputs.ts';
import { writeReports } from './write-reports.ts';

/** A run whose cells have all been judged: of this process, or read from folders of results. */
export interface JudgedRun {
  result: RunResult;
  coverage: readonly CellCoverage[];
  /** By `cellPath`. */
  observations: ReadonlyMap<string, NormalisedObservation>;
}

/** What a run is judged by as a whole. */
export interface Environment {
  folders: Folders;
  /** Python of the virtual environment; undefined where there is none. */
  python: string | undefined;
  ledger: readonly LedgerEntry[];
  checker: WireChecker;
  /** Every scenario that exists, run or not. */
  everything: readonly LoadedScenario[];
}

export interface FinishedRun {
  summary: Summary;
  /** As judged by the whole: what is stale is marked. */
  results: readonly CellResult[];
  /** What cells were compared with, by `expectationName`. */
  goldens: ReadonlyMap<string, NormalisedObservation>;
}

/**
 * What only the whole tells: the ledger's health, the sensitivity figures, coverage, the summary. Writes the run's result (as its cells were judged), what
 * it covered, and the reports.
 */
export async function finishRun(
  { result, coverage, observations }: JudgedRun,
  { folders, python, ledger, checker, everything }: Environment,
  terminal: Terminal,
  json?: JsonFile,
): Promise<FinishedRun> {
  await writeRunResult(folders.out, result);
  const ids = everything.map(({ id }) => id);
  const problems = ledgerProblems({
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
    // Whether an entry still occurs is judged once, by `merge`.
  }).filter(({ problem }) => result.shard === null || problem === 'expired');
  const results = markStale(result.results, problems);
  const ran = new Set(results.map(({ scenario }) => scenario));
  const scenarios = everything.filter(({ id }) => ran.has(id));
  const goldens = await readGoldens(folders, scenarios);
  const whole = scenarios.length === everything.length;
  const shares = ledgerShares(ledger, goldens);
  const { exclusionProblems, ...figures } = await measureCoverage(
    { folders, python, checker, coverage },
    everything,
    terminal.signal,
  );
  const sensitivity = {
    ...(await measureSensitivity(result, [...goldens.values()], folders, terminal)),
    selfDifferences: selfDifferences([...goldens.values()], results.filter(isOfPin)),
  };
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
    problems: [
      ...[sensitivityProblem(sensitivity) ?? []].flat(),
      ...exclusionProblems.map((one) => `exclusion of coverage: ${one}`),
    ],
    sensitivity,
    ...figures,
    durationMs: result.durationMs,
    jobs: result.jobs,
  });
  const expected = new Map([...goldens, ...referenceRuns(results, observations)]);
  const files = { summary, results, scenarios, folders, ledger, goldens: expected, observations, json };
  await writeReports(files);
  await writeOutputs(files, terminal);
  return { summary, results, goldens: expected };
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
  terminal: Terminal,
): Promise<{ tampered: number; flagged: number }> {
  const ofPin = request.engineVersions?.includes(engine.version) ?? true;
  if (!ofPin || terminal.signal.aborted || shard !== null || request.scenario !== null || request.offline)
    return { tampered: 0, flagged: 0 };
  const say = (scenario: string) => terminal.note(`measuring the sensitivity: ${scenario}`);
  return cachedFigures(goldens, repository, say, terminal.signal);
}
