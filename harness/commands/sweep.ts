import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defineCommand } from 'citty';
import { expectedGot } from '../../native/expected-got.mjs';
import { readEngineLock } from '../../native/index.ts';
import { Explorer } from '../explore/explorer.ts';
import { findCase, type SweepCase } from '../explore/sweep/case.ts';
import { faultNames } from '../explore/sweep/faults.ts';
import { planSweep, type SweepPlan } from '../explore/sweep/plan.ts';
import { countVerdicts, groupFindings, provenOf, runSweep, type SweptCase } from '../explore/sweep/run-sweep.ts';
import { readSweptPart, SweptFile } from '../explore/sweep/swept-file.ts';
import { exitCodes } from '../judging/exit-codes.ts';
import { sample } from '../proofs/sample.ts';
import { defaultFolders, type Folders, removeCells } from '../run/folders.ts';
import { partOf } from '../run/shard.ts';
import { matchesId } from '../scenario/index.ts';
import { list, parseCount, parseShardArgument, selectionArgs } from './arguments.ts';
import { allScenarios, jobsOf, lookAround, type Terminal } from './context.ts';
import { ExploreProgress } from './explore-progress.ts';
import { jsonFile } from './json-file.ts';
import { UsageError } from './read-arguments.mjs';

/** About 20 minutes on two processors. */
const defaultCount = 6000;
/** Most of the time, a run waits for what never comes. */
const defaultJobs = Math.min(16, 4 * availableParallelism());
/** Fixed, so that two sweeps of one commit play the same runs. */
const defaultSeed = 1;
/** So many kinds of findings are shown with their runs; the JSON has all. */
const mostShown = 40;

interface SweepArgs {
  scenario?: string | undefined;
  fault?: string | undefined;
  seed?: string | undefined;
  count?: string | undefined;
  all?: boolean | undefined;
  shard?: string | undefined;
  only?: string | undefined;
  jobs?: string | undefined;
  seconds?: string | undefined;
  json?: string | undefined;
  resume?: boolean | undefined;
  out?: string | undefined;
}

/** `sweep`: every fault of the script language at every message of the core goldens, and at each kind of message of all. */
export const sweepCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: {
      name: 'sweep',
      description: 'Let the engine fail in every way at every message, and compare our clients with the official ones',
    },
    args: {
      scenario: {
        ...selectionArgs.scenario,
        description: 'Goldens to sweep: ids or globs, comma-separated (default: all)',
      },
      fault: {
        type: 'string',
        description: `Faults, comma-separated: ${faultNames.join(', ')} (default: all)`,
        valueHint: 'NAME',
      },
      seed: { type: 'string', description: `Which sample of the runs (default: ${defaultSeed})`, valueHint: 'N' },
      count: {
        type: 'string',
        description: `How many runs (default: ${defaultCount}, about 20 minutes on two processors)`,
        valueHint: 'N',
      },
      all: { type: 'boolean', description: 'Every run, not a sample' },
      shard: { type: 'string', description: 'The Ith of N parts', valueHint: 'I/N' },
      only: { type: 'string', description: 'Only the run of this id, as a finding names it', valueHint: 'ID' },
      jobs: {
        type: 'string',
        description: 'Runs at once (default: four for each processor, at most 16)',
        valueHint: 'N',
      },
      seconds: { type: 'string', description: 'Begin no run after this time (default: no limit)', valueHint: 'N' },
      json: { type: 'string', description: 'Write what came of every run to this file', valueHint: 'FILE' },
      resume: { type: 'boolean', description: 'Leave out the runs that passed according to the file of --json' },
      out: {
        type: 'string',
        description: 'Folder of the findings, a scenario each (default: out/sweep)',
        valueHint: 'DIR',
      },
    },
    run: async ({ args }) => done(await sweep(args, terminal)),
  });

export async function sweep(args: SweepArgs, terminal: Terminal): Promise<number> {
  // Whatever can be refused is refused before anything is read.
  const json = await jsonFile(args.json);
  const choose = chooserOf(args);
  const seconds = args.seconds === undefined ? undefined : parseCount('seconds', args.seconds, 1);
  const earlier = args.resume === true ? provenOf(await earlierOf(args.json, json?.file)) : [];
  const jobs = jobsOf(args, defaultJobs);
  const folders = defaultFolders();
  const plan = await planSweep(await allScenarios(folders), folders.goldens);
  const passed = new Set(earlier.map(({ id }) => id));
  const chosen = choose(plan);
  const cases = chosen.filter(({ id }) => !passed.has(id));
  const out = path.resolve(args.out ?? path.join(folders.repository, 'out', 'sweep'));
  const { python, clients } = await lookAround(false, folders.repository);
  if (python === undefined) terminal.note('there is no Python: its clients are left out');
  terminal.note(
    `${cases.length} of ${plan.cases.length} runs; ${plan.kinds} kinds of messages; ${plan.leftOut.length} goldens cannot be swept`,
  );
  const soFar = json?.file === undefined ? undefined : await SweptFile.begin(json.file, earlier);
  const progress = new ExploreProgress(terminal, { total: cases.length, of: 'runs' });
  const explorer = await openExplorer(folders, python, jobs, terminal.signal);
  try {
    const fresh = await runSweep({
      cases,
      ...(seconds !== undefined && { until: Date.now() + seconds * 1000 }),
      explorer,
      present: clients,
      jobs,
      findings: out,
      repeatOf,
      signal: terminal.signal,
      onCase: (one) => {
        soFar?.add(one);
        const { verdict, id, what } = one;
        progress.ended(verdict === 'different');
        if (verdict === 'different' || args.only !== undefined) terminal.note(`${verdict}  ${id}  ${what ?? ''}`);
      },
    });
    progress.end();
    const swept = [...earlier, ...fresh];
    await json?.write({
      schemaVersion: 1,
      planned: chosen.length,
      verdicts: countVerdicts(swept),
      leftOut: plan.leftOut,
      cases: swept,
    });
    await soFar?.end();
    if (args.only !== undefined) for (const one of fresh) terminal.out(...detailsOf(one));
    return tell(swept, chosen.length, terminal);
  } finally {
    progress.end();
    await explorer.close();
    await removeCells(folders);
  }
}

const repeatOf = (id: string): string => `npm run parity -- sweep --only ${id}`;

const openExplorer = (
  folders: Folders,
  python: string | undefined,
  jobs: number,
  signal: AbortSignal,
): Promise<Explorer> =>
  Explorer.open({
    repository: folders.repository,
    folder: path.join(folders.cells, 'sweep'),
    ledger: folders.ledger,
    engineVersion: readEngineLock().pin,
    python,
    jobs,
    signal,
  });

/**
 * What an earlier sweep wrote, and what one had come to that was ended before it could; nothing if there is no file yet.
 * @param target the file behind symbolic links
 * @throws UsageError
 */
async function earlierOf(file: string | undefined, target: string | undefined): Promise<SweptCase[]> {
  if (file === undefined)
    throw new UsageError(expectedGot('reading --resume', '--json with the file of the sweep to continue', 'no --json'));
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const { cases } = (text === undefined ? { cases: [] } : parsedOr(text)) as { cases?: SweptCase[] };
  if (!Array.isArray(cases))
    throw new UsageError(expectedGot('reading --resume', 'a file that a sweep has written', file));
  const later = target === undefined ? [] : await readSweptPart(target);
  return [...new Map([...cases, ...later].map((one) => [one.id, one])).values()];
}

function parsedOr(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Reads which runs are asked for, and says how to choose them. @throws UsageError */
function chooserOf(args: SweepArgs): (plan: SweepPlan) => SweepCase[] {
  const faults = list(args.fault);
  for (const fault of faults)
    if (!(faultNames as readonly string[]).includes(fault))
      throw new UsageError(expectedGot('reading --fault', `some of ${faultNames.join(', ')}`, JSON.stringify(fault)));
  const globs = list(args.scenario);
  const seed = parseCount('seed', args.seed, defaultSeed);
  const count = parseCount('count', args.count, defaultCount);
  const shard = args.shard === undefined ? undefined : parseShardArgument(args.shard);
  if (args.all === true && args.count !== undefined)
    throw new UsageError(
      expectedGot('reading --count', 'no number of runs beside --all, which plays every one', args.count),
    );
  return ({ cases }) => {
    if (args.only !== undefined) return [onlyOf(cases, args.only)];
    const chosen = cases.filter(
      ({ base, fault }) =>
        (faults.length === 0 || faults.includes(fault)) &&
        (globs.length === 0 || globs.some((glob) => matchesId(base.scenario.id, glob))),
    );
    if (chosen.length === 0)
      throw new UsageError(expectedGot('reading --scenario', 'a golden that is swept', globs.join(',')));
    const some = args.all === true ? chosen : sample(chosen, count, seed);
    return shard === undefined ? some : partOf(some, shard);
  };
}

function onlyOf(cases: readonly SweepCase[], id: string): SweepCase {
  try {
    return findCase(cases, id);
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

/** Everything that is known of one run. */
function detailsOf({ players, hangs, unexplained, known }: SweptCase): string[] {
  return players.flatMap((client) => [
    `${client}${hangs[client] === undefined ? '' : `  waits forever: ${hangs[client]}`}`,
    ...(unexplained[client] ?? []).map(
      ({ kind, path: at, expected, actual }) => `    ${kind} ${at}  expected ${short(expected)}, got ${short(actual)}`,
    ),
    ...(client === players.at(-1) && known.length > 0 ? [`    known: ${known.join(', ')}`] : []),
  ]);
}

const short = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value)).slice(0, 300);

function tell(swept: readonly SweptCase[], planned: number, { out, paint, signal }: Terminal): number {
  const counts = countVerdicts(swept);
  const found = groupFindings(swept, 'different');
  for (const { fault, what, cases } of found.slice(0, mostShown)) {
    const [first] = cases;
    out(`${paint.red('different')}  ${fault}: ${what}  (${cases.length})`);
    if (first !== undefined) out(paint.dim(`    ${first.file ?? ''}`), paint.dim(`    ${repeatOf(first.id)}`));
  }
  if (found.length > mostShown) out(`${found.length - mostShown} more kinds; --json has all`);
  for (const verdict of ['could-not-run', 'unsteady'] as const)
    for (const { fault, what, cases } of groupFindings(swept, verdict).slice(0, 10))
      out(`${paint.yellow(verdict)}  ${fault}: ${what}  (${cases.length}; ${cases[0]?.id})`);
  const said = Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`);
  out('', `${swept.length} of ${planned} runs: ${said.join(', ')}`);
  const hangs = swept.filter(
    ({ hangs, players }) => Object.keys(hangs).length > 0 && hangs[players.at(-1) ?? ''] === undefined,
  );
  out(`an official client waits forever where ours does not: ${hangs.length}`);
  const failed = counts.different + counts['could-not-run'] + (signal.aborted ? planned - swept.length : 0);
  out(`${swept.length - counts.different - counts['could-not-run']} passed, ${failed} failed`);
  return exitCodes.sweep({ failed });
}
