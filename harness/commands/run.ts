import path from 'node:path';
import { defineCommand } from 'citty';
import pc from 'picocolors';
import { cachedFigures } from '../oracle/cached-figures.ts';
import { type OracleFigures, selfDifferences } from '../oracle/oracle-figures.ts';
import { explainCell } from '../report/explain.ts';
import { renderMatrix } from '../report/matrix.ts';
import { passedAndFailed, summarise } from '../report/summary.ts';
import type { Folders } from '../run/folders.ts';
import { markStale } from '../run/mark-stale.ts';
import { planCells } from '../run/plan.ts';
import { removeCells } from '../run/remove-cells.ts';
import { runAll } from '../run/run-all.ts';
import type { Session } from '../run/session.ts';
import type { CellPlan, CellResult } from '../run/types.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { failingVerdicts } from '../verdict/judge.ts';
import { ledgerProblems } from '../verdict/ledger-health.ts';
import { parseClients, parseCount, parseEngines, selectionArgs } from './arguments.ts';
import { allScenarios, clientsFor, jobsOf, openSession, selectScenarios, type Terminal } from './context.ts';
import { measureCoverage } from './measure-coverage.ts';
import { writeReports } from './write-reports.ts';

const mostExplained = 10;

export interface RunArgs {
  scenario?: string | undefined;
  client?: string | undefined;
  engine?: string | undefined;
  family?: string | undefined;
  jobs?: string | undefined;
  offline?: boolean | undefined;
  repeat?: string | undefined;
  json?: string | undefined;
  out?: string | undefined;
}

/** `run`: every scenario, every client present, both engines; the default command. */
export const runCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: { name: 'run', description: 'Run scenarios through the clients, compare each with its golden, and judge' },
    args: {
      ...selectionArgs,
      repeat: {
        type: 'string',
        description: 'Run every cell N times (client against itself: --client python --repeat 20)',
        valueHint: 'N',
      },
      json: { type: 'string', description: 'Write the summary to this file as well', valueHint: 'FILE' },
      out: { type: 'string', description: 'Folder of the results (default: out/parity)', valueHint: 'DIR' },
    },
    run: async ({ args }) => done(await run(args, terminal)),
  });

export async function run(args: RunArgs, terminal: Terminal): Promise<number> {
  const begun = performance.now();
  const { session, clients, engines } = await openSession(args.offline === true, terminal, args.out);
  const { folders } = session.options;
  try {
    const everything = await allScenarios(folders);
    const scenarios = selectScenarios(everything, args);
    const wanted = parseClients(args.client);
    const hellos = await session.hello(wanted.length === 0 ? clientsFor(scenarios, clients) : wanted);
    const wantedEngines = parseEngines(args.engine);
    const plans = planCells({
      scenarios,
      clients: hellos,
      engines: wantedEngines.length === 0 ? engines : wantedEngines,
      engineVersion: session.options.pinned.version,
      rounds: parseCount('repeat', args.repeat, 1),
    });
    const ran = await runPlans(plans, jobsOf(args), (plan) => session.run(plan), terminal);
    const problems = ledgerProblems({
      ledger: session.ledger,
      scenarios: everything.map(({ id }) => id),
      cells: ran.map((result) => ({
        ...result,
        used: result.known.map(({ id }) => id),
        judged: result.verdict !== 'not-applicable' && result.verdict !== 'could-not-run',
      })),
      today: new Date().toISOString().slice(0, 10),
      engineVersion: session.options.pinned.version,
    });
    const results = markStale(ran, problems);
    const oracle = await measure(scenarios, results, session, terminal, isWhole(args));
    const figures = await measureCoverage(session, everything, terminal.signal);
    const summary = summarise({
      engine: session.options.engine ?? session.options.pinned,
      clients: hellos.map(({ client, clientVersion }) => ({ id: client, version: clientVersion })),
      results,
      ledger: { entries: session.ledger.length, problems: problems.map(({ message }) => message) },
      oracle,
      ...figures,
      durationMs: Math.round(performance.now() - begun),
      jobs: jobsOf(args),
    });
    await writeReports({ summary, results, scenarios, session, json: args.json });
    return await conclude(results, summary, session, terminal);
  } finally {
    await session.close();
    await removeCells(folders);
  }
}

const relative = ({ repository, out }: Folders) => path.relative(repository, out);

async function runPlans(
  plans: readonly CellPlan[],
  jobs: number,
  work: (plan: CellPlan) => Promise<CellResult>,
  terminal: Terminal,
): Promise<CellResult[]> {
  const results = new Map<CellPlan, CellResult>();
  const applicable = plans.filter((plan) => plan.notApplicable === undefined).length;
  let ended = 0;
  const one = async (plan: CellPlan) => {
    const result = await work(plan);
    results.set(plan, result);
    if (plan.notApplicable !== undefined) return;
    ended += 1;
    const failed = failingVerdicts.has(result.verdict);
    const say = failed ? pc.red(result.verdict) : result.verdict;
    terminal.note(
      `[${ended}/${applicable}] ${plan.scenario.id}  ${plan.client} on ${plan.engine}  ${say}  ${result.durationMs} ms`,
    );
  };
  await runAll(plans, jobs, one, terminal.signal);
  // In the order of the plan, not of ending.
  return plans.flatMap((plan) => results.get(plan) ?? []);
}

/** A run of some scenarios, or without the references, does not wait for the oracle. */
const isWhole = ({ scenario, offline }: RunArgs) => scenario === undefined && offline !== true;

/** What the comparison is worth: printed beside the parity number. */
async function measure(
  scenarios: readonly LoadedScenario[],
  results: readonly CellResult[],
  session: Session,
  terminal: Terminal,
  whole: boolean,
): Promise<OracleFigures> {
  const found = await Promise.all(scenarios.map(({ id }) => session.golden(id).catch(() => undefined)));
  const goldens = found.flatMap((golden) => golden ?? []);
  const say = (scenario: string) => terminal.note(`measuring the oracle: ${scenario}`);
  const { repository } = session.options.folders;
  const counts =
    terminal.signal.aborted || !whole
      ? { tampered: 0, flagged: 0 }
      : await cachedFigures(goldens, repository, say, terminal.signal);
  return { ...counts, selfDifferences: selfDifferences(goldens, results) };
}

async function conclude(
  results: readonly CellResult[],
  summary: ReturnType<typeof summarise>,
  session: Session,
  terminal: Terminal,
): Promise<number> {
  terminal.out(renderMatrix(results, pc));
  const failures = results.filter(({ verdict }) => failingVerdicts.has(verdict));
  for (const failure of failures.slice(0, mostExplained)) {
    const golden = await session.golden(failure.scenario).catch(() => undefined);
    terminal.out(`\n${explainCell(failure, pc, { golden, all: results })}`);
  }
  if (failures.length > mostExplained)
    terminal.out(`\nand ${failures.length - mostExplained} more failing cells, all in the report`);
  for (const problem of summary.ledger.problems) terminal.out(`${pc.red('ledger')}  ${problem}`);
  const { passed, failed } = passedAndFailed(summary);
  const share = `${Math.round(summary.matchBeforeLedger * 1000) / 10} % of the cells match before the ledger`;
  terminal.out(
    `\n${share}; ${summary.scenarios} scenarios, ${Math.round(summary.durationMs / 100) / 10} s; ${relative(session.options.folders)}/report.html`,
  );
  const { tampered, flagged, selfDifferences: own } = summary.oracle;
  const caught = Math.floor((flagged / tampered) * 1e4) / 100;
  const worth =
    tampered === 0
      ? 'not measured: a run of some scenarios, or offline'
      : `${flagged} of ${tampered} tamperings flagged (${caught} %)`;
  terminal.out(`oracle: ${worth}; references against themselves: ${own} differences`);
  if (terminal.signal.aborted) terminal.out('interrupted: not every cell ran');
  terminal.out(`${passed} passed, ${failed} failed`);
  // A run in which nothing was judged proves nothing.
  return failed > 0 || passed === 0 || terminal.signal.aborted ? 1 : 0;
}
