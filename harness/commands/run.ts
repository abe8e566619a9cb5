import { setImmediate } from 'node:timers/promises';
import { defineCommand } from 'citty';
import { expectedGot } from '../../native/expected-got.mjs';
import { type CellPlan, type CellResult, failingVerdicts } from '../cell/types.ts';
import { holds } from '../judging/holds.ts';
import { CoverageCollector } from '../proofs/coverage/collect-coverage.ts';
import { crowding } from '../run/deadline.ts';
import { removeCells } from '../run/folders.ts';
import { planCells } from '../run/plan.ts';
import { readSources } from '../run/read-sources.ts';
import { type Lending, runAll } from '../run/run-all.ts';
import type { RunRequest, RunResult } from '../run/run-result.ts';
import { scenariosOf } from '../run/shard.ts';
import {
  list,
  parseClients,
  parseCount,
  parseEngines,
  parseEngineVersions,
  parseShardArgument,
  type RunArgs,
  runArgs,
} from './arguments.ts';
import { conclude } from './conclude.ts';
import {
  clientsFor,
  defaultRunJobs,
  jobsOf,
  libraryOf,
  openSession,
  outOf,
  selectScenarios,
  type Terminal,
  targetsOf,
} from './context.ts';
import { jsonFile } from './json-file.ts';
import { RunProgress } from './progress.ts';
import { UsageError } from './read-arguments.mjs';
import { watch } from './watch.ts';

/** `run`: every scenario, every client present, both engines; the default command. */
export const runCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'run',
      description: 'Run scenarios with the clients, compare each run with its golden, and judge it',
    },
    args: runArgs,
    run: async ({ args }) => done(await (args.watch === true ? watch(args, terminal) : run(args, terminal))),
  });

export async function run(args: RunArgs, terminal: Terminal): Promise<number> {
  const begun = new Date();
  const json = await jsonFile(args.json);
  const shard = args.shard === undefined ? null : parseShardArgument(args.shard);
  const versions = parseEngineVersions(args['engine-version']);
  terminal.status('reading the scenarios and starting the clients …');
  if (args.offline === true && args['engine-version'] !== undefined)
    throw new UsageError(
      expectedGot('choosing the engine', 'a run with the real engine for --engine-version', '--offline'),
    );
  const offline = args.offline === true;
  const { session, guest, ...there } = await openSession(offline, terminal, outOf(args), versions, args.driver);
  const { clients, engines } = there;
  const { folders, python } = session.options;
  try {
    const library = await libraryOf(folders, list(args.scenario));
    const selected = selectScenarios(library.scenarios, args, library.ids);
    const scenarios = shard === null ? selected : scenariosOf(selected, shard);
    const sources = await readSources(folders.repository);
    const wanted = parseClients(args.client, guest);
    const wantedEngines = parseEngines(args.engine);
    const request: RunRequest = {
      scenario: args.scenario ?? null,
      family: args.family ?? null,
      clients: wanted.length === 0 ? clients : wanted,
      engines: wantedEngines.length === 0 ? engines : wantedEngines,
      engineVersions: versions,
      offline: args.offline === true,
      rounds: parseCount('repeat', args.repeat, 1),
    };
    // Of the whole selection: a shard has the cells of all its clients, those that are not applicable too.
    const hellos = await session.hello(wanted.length === 0 ? clientsFor(selected, clients) : wanted);
    const plans = planCells({
      scenarios,
      clients: hellos,
      targets: await targetsOf(request.engines, versions),
      rounds: request.rounds,
    });
    const covered = new CoverageCollector(session.checker);
    const runPlan = (plan: CellPlan) =>
      // Coverage is of the pin: its contract says what there is to cover.
      session.run(plan, (observation) => {
        if (plan.engineVersion === undefined && plan.client !== guest) covered.add(plan, observation);
      });
    const cellsBegun = performance.now();
    const results = await runPlans(
      plans,
      { jobs: jobsOf(args, defaultRunJobs()), verbose: args.verbose === true, begun },
      runPlan,
      terminal,
    );
    const cellsMs = Math.round(performance.now() - cellsBegun);
    const pinned = session.options.engine ?? session.options.pinned;
    const facts = versions.map((version) => session.options.others?.get(version) ?? pinned);
    const result: RunResult = {
      schemaVersion: 1,
      platform: process.platform,
      begun: begun.toISOString(),
      ...sources,
      engine: { version: pinned.version, sha256: pinned.sha256 },
      engines: facts.map(({ version, sha256 }) => ({ version, sha256 })),
      clients: hellos.map(({ client, clientVersion }) => ({ id: client, version: clientVersion })),
      request,
      shard,
      interrupted: terminal.signal.aborted || isIncomplete(plans, results),
      durationMs: Math.max(0, Date.now() - begun.getTime()),
      jobs: jobsOf(args, defaultRunJobs()),
      results,
    };
    const { ledger, checker, normalised: observations } = session;
    const environment = { folders, python, ledger, checker, library };
    const judged = { result, coverage: covered.cells, observations, begun, cellsMs };
    return await conclude(judged, environment, terminal, json);
  } finally {
    await session.close();
    await removeCells(folders);
  }
}

/** Whether a cell that was planned has no result, for whatever reason: such a run is no whole. */
export const isIncomplete = (plans: readonly CellPlan[], results: readonly CellResult[]): boolean =>
  holds('planned-not-run', results.length < plans.length);

/** Few cells take that long on a machine that is not crowded, and those wait for a deadline. */
const lending: Lending = { afterMs: 3000, mayLend: () => crowding() <= 2 };

/** The results of all plans that ended before the run was to end. Exported for its test. */
export async function runPlans(
  plans: readonly CellPlan[],
  { jobs, verbose, begun }: { jobs: number; verbose: boolean; begun: Date },
  work: (plan: CellPlan) => Promise<CellResult>,
  terminal: Terminal,
): Promise<CellResult[]> {
  const results = new Map<CellPlan, CellResult>();
  const total = plans.filter((plan) => plan.notApplicable === undefined).length;
  const progress = new RunProgress(terminal, { total, verbose, begun: begun.getTime() });
  const one = async (plan: CellPlan) => {
    const applies = plan.notApplicable === undefined;
    if (applies) progress.began(plan);
    const result = await work(plan);
    // A terminal sends Ctrl-C to drivers and engines too: what ends with them says nothing. Their end may be told before the signal is.
    if (failingVerdicts.has(result.verdict)) await setImmediate();
    if (holds('ended-by-signal', terminal.signal.aborted)) return;
    results.set(plan, result);
    if (applies) progress.ended(plan, result);
  };
  try {
    await runAll(plans, jobs, one, terminal.signal, lending);
  } finally {
    progress.end();
  }
  // In the order of the plan, not of ending.
  return plans.flatMap((plan) => results.get(plan) ?? []);
}
