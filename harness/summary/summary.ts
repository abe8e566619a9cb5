import type { CellResult } from '../cell/types.ts';
import { clientIds, isGuest } from '../clients/clients.ts';
import { holds } from '../judging/holds.ts';
import type { SensitivityFigures } from '../proofs/sensitivity/cached-figures.ts';
import type { LedgerShare } from '../verdict/ledger-share.ts';
import { type EngineFigures, engineFigures } from './engine-figures.ts';
import {
  countBaselines,
  type FiguresByClient,
  figuresOfGuests,
  figuresOfOurs,
  figuresOfReferences,
  type KindOf,
  type ReferenceFigures,
  sharesOfOurs,
} from './our-figures.ts';
import { type CellTotals, cellTotals, countVerdicts, passedCells, type VerdictCounts } from './verdict-counts.ts';

/** `out/parity/summary.json`: what a program needs to know about a run. */
export interface Summary {
  $schema: typeof summarySchema;
  schemaVersion: 1;
  /** Start of the run, ISO 8601, UTC. */
  begun: string;
  /** The repository's commit; null where there was none. */
  commit: string | null;
  /** The folder differed from the commit. */
  dirty: boolean;
  /** The pin. */
  engine: { version: string; sha256: string };
  /** The real engines that were asked for, one by one. */
  engines: EngineFigures[];
  clients: { id: string; version: string }[];
  /**
   * Whether every scenario ran once with every client on both engines; `part` says what was left out. Only a whole run
   * can prove parity.
   */
  scope: RunScope;
  /** Our clients against their references: what a run is about. */
  ours: FiguresByClient;
  /** Clients whose drivers joined the run, in the same way; absent if there are none. */
  guests?: FiguresByClient;
  /** The other clients against the recordings: whether these hold. None of our SDK is in these cells. */
  references: ReferenceFigures;
  /** Cells that are compared with a recording of ours, or of bare JSON-RPC: behaviour that no reference shows. */
  baselines: number;
  scenarios: number;
  cells: number;
  verdicts: VerdictCounts;
  /** The same, for each client and engine that ran. */
  totals: CellTotals[];
  /** linux, darwin and win32, run or not, then any other that ran. */
  platforms: PlatformFigures[];
  /** Share of the cells of our clients that are equal to their reference without any ledger entry, 0 to 1. */
  matchBeforeLedger: number;
  /**
   * The same without the cells whose differences are all safer by design, a defect of Python's or upstream's: the figure
   * that has a goal.
   */
  matchForGoal: number;
  ledger: LedgerFigures;
  /**
   * What is wrong with the run as a whole, besides cells and ledger: a sensitivity that is too low, or an exclusion of
   * coverage that the run refutes. Each fails the run.
   */
  problems: string[];
  /** How well the comparison finds what is wrong, and how quiet it is if nothing is. */
  sensitivity: SensitivityFigures;
  /** What this run covered, by kind. `npm run parity -- coverage` also counts the goldens. */
  coverage: Record<string, CoverageFigures>;
  /** Facts of the Python SDK's public surface; absent without Python and without an earlier comparison. */
  surface?: { python: number; mapped: number; exceptions: number };
  durationMs: number;
  /** Where that time went; absent for a run that was put together from others. */
  phases?: Phases;
  jobs: number;
}

/** In milliseconds; `rest` is everything but cells and sensitivity, without the writing of the reports. */
export interface Phases {
  cells: number;
  sensitivity: number;
  rest: number;
}

export const phasesOf = (durationMs: number, cells: number, sensitivity: number): Phases => ({
  cells,
  sensitivity,
  rest: Math.max(0, durationMs - cells - sensitivity),
});

/** `excluded`: what no engine can show, part of `total`. `real`: on the real engine. */
export interface CoverageFigures {
  hit: number;
  real: number;
  total: number;
  excluded: number;
}

/** `widest`: the entry that covers most of all goldens' leaves; only of a run of all scenarios, null without an entry. */
export interface LedgerFigures {
  entries: number;
  problems: string[];
  widest?: LedgerShare | null;
}

/** The schema, which is written next to each summary. */
export const summarySchema = './summary.schema.json';

export interface SummaryInput {
  begun: string;
  commit: string | null;
  dirty: boolean;
  engine: { version: string; sha256: string };
  /** The real engines that were asked for. Default: the pin alone. */
  engines?: readonly { version: string; sha256: string }[];
  /** Ids of every scenario that exists, run or not. */
  everything: readonly string[];
  /** Results by platform. Default: all are this machine's. */
  platforms?: ReadonlyMap<string, readonly CellResult[]>;
  clients: { id: string; version: string }[];
  results: readonly CellResult[];
  ledger: LedgerFigures;
  /** Of the ledger's entries. */
  kindOf: KindOf;
  problems: string[];
  sensitivity: SensitivityFigures;
  coverage: Summary['coverage'];
  surface: Summary['surface'];
  durationMs: number;
  phases?: Phases;
  jobs: number;
}

export function summarise(input: SummaryInput): Summary {
  const { begun, commit, dirty, engine, clients, results, everything, ledger, problems, sensitivity } = input;
  const {
    coverage,
    surface,
    durationMs,
    jobs,
    kindOf,
    engines = [engine],
    platforms = new Map([[process.platform, results]]),
  } = input;
  const verdicts = countVerdicts(results);
  const [ours, guests] = [figuresOfOurs(results, kindOf), figuresOfGuests(results, kindOf)];
  return {
    $schema: summarySchema,
    schemaVersion: 1,
    begun,
    commit,
    dirty,
    // Named one by one, so that the engine's path on this machine is not included.
    engine: { version: engine.version, sha256: engine.sha256 },
    engines: engineFigures(engines, engine.version, results, kindOf),
    clients,
    scope: runScope(results, everything),
    ours,
    ...(Object.keys(guests).length > 0 && { guests }),
    references: figuresOfReferences(results),
    baselines: countBaselines(results),
    scenarios: new Set(results.map((result) => result.scenario)).size,
    cells: results.length,
    verdicts,
    totals: cellTotals(results),
    platforms: platformFigures(platforms, everything),
    ...sharesOfOurs(ours),
    ledger,
    problems,
    sensitivity,
    coverage,
    ...(surface !== undefined && { surface }),
    durationMs,
    ...(input.phases !== undefined && { phases: input.phases }),
    jobs,
  };
}

/** How many cells passed and failed. Problems of the ledger itself and of the whole count as failures. */
export function passedAndFailed(summary: Pick<Summary, 'verdicts' | 'ledger' | 'problems'>): {
  passed: number;
  failed: number;
} {
  const { passed, failed } = passedCells(summary.verdicts);
  return { passed, failed: failed + summary.ledger.problems.length + summary.problems.length };
}

/**
 * What is known about one platform (`process.platform`). `not run`: nobody ran it, so nothing is known. `part`:
 * everything that ran passed, but it was not the whole. `passed` and `failed` describe only its cells, not the ledger.
 */
type PlatformFigures =
  | { platform: string; status: 'not run' }
  | { platform: string; status: 'passed' | 'failed' | 'part'; scope: RunScope; passed: number; failed: number };

const supported = ['linux', 'darwin', 'win32'];

/** linux, darwin and win32, run or not, then any other that ran. */
export function platformFigures(
  runs: ReadonlyMap<string, readonly CellResult[]>,
  everything: readonly string[],
): PlatformFigures[] {
  return [...new Set([...supported, ...runs.keys()])].map((platform): PlatformFigures => {
    const results = runs.get(platform) ?? [];
    const { passed, failed } = passedCells(countVerdicts(results));
    // A run in which nothing was judged says no more than no run.
    if (holds('platform-not-run', passed + failed === 0)) return { platform, status: 'not run' };
    const scope = runScope(results, everything);
    return {
      platform,
      status: holds('platform-failed', failed > 0) ? 'failed' : scope.whole ? 'passed' : 'part',
      scope,
      passed,
      failed,
    };
  });
}

/** How much of the whole a run was. */
interface RunScope {
  /** Every scenario, with every client, on both engines, once. */
  whole: boolean;
  /** What makes it partial: `5 of 412 scenarios, without python`. Absent for a whole run. */
  part?: string;
}

/**
 * Derived from the results alone, so that it holds however they came about: a selection, no Python, an interruption,
 * merged shards. A cell that is not applicable has a result too, so the whole is a full product; with several
 * platforms, on each. The pin alone counts: other engines of the window are beside it.
 */
export function runScope(all: readonly CellResult[], everything: readonly string[]): RunScope {
  const onPin = all.filter(({ engineVersion }) => engineVersion === undefined);
  // A guest is beside the whole.
  const results = onPin.filter(({ client }) => !isGuest(client));
  if (holds('scope-other-engine', onPin.length === 0 && all.length > 0))
    return { whole: false, part: 'without the pinned engine' };
  const ran = new Set(onPin.map(({ scenario }) => scenario));
  const scenarios = everything.filter((id) => ran.has(id)).length;
  const cells = new Set(
    results.map(({ scenario, client, engine, platform }) => `${scenario} ${client} ${engine} ${platform}`),
  );
  const platforms = new Set(results.map(({ platform }) => platform)).size;
  const lacking = (names: readonly string[], seen: (result: CellResult) => string) => {
    const found = new Set(onPin.map(seen));
    return names.filter((name) => !found.has(name));
  };
  const without = [
    ...lacking(clientIds, ({ client }) => client),
    ...lacking(['real', 'fake'], ({ engine }) => engine).map((engine) => `the ${engine} engine`),
  ];
  const product = everything.length * clientIds.length * 2 * platforms;
  const reasons = [
    ...(holds('scope-scenarios', scenarios < everything.length)
      ? [`${scenarios} of ${everything.length} scenarios`]
      : []),
    ...(holds('scope-without', without.length > 0) ? [`without ${without.join(', ')}`] : []),
  ];
  if (holds('scope-twice', results.length > cells.size))
    reasons.push(`${results.length} results of ${cells.size} cells`);
  if (holds('scope-cells', reasons.length === 0 && cells.size !== product))
    reasons.push(`${cells.size} of ${product} cells`);
  return reasons.length === 0 ? { whole: true } : { whole: false, part: reasons.join(', ') };
}
