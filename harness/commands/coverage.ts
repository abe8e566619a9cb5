import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineCommand } from 'citty';
import { venvPython } from '../../native/index.ts';
import { WireChecker } from '../contract/check-wire.ts';
import { loadContract } from '../contract/load-contract.ts';
import { exitCodes } from '../judging/exit-codes.ts';
import { behaviourCounts } from '../proofs/behaviours/check-behaviours.ts';
import { allPoints } from '../proofs/coverage/all-points.ts';
import { goldenCoverage } from '../proofs/coverage/collect-coverage.ts';
import { type CellCoverage, coveragePath, readCoverage } from '../proofs/coverage/coverage-file.ts';
import { coverageReport, renderCoverage } from '../proofs/coverage/coverage-report.ts';
import { readExclusions } from '../proofs/coverage/exclusions.ts';
import { type Goal, goals } from '../proofs/coverage/goals.ts';
import { type Marginal, usefulFiles } from '../proofs/coverage/marginal.ts';
import { CoverageReader } from '../proofs/coverage/observed-points.ts';
import { measureMarginals } from '../proofs/measure-marginals.ts';
import { cachedSurface } from '../proofs/surface/cached-surface.ts';
import { surfaceCounts } from '../proofs/surface/index.ts';
import { defaultFolders, type Folders } from '../run/folders.ts';
import { onPin } from '../scenario/index.ts';
import type { StandingScenario } from '../scenario/types.ts';
import type { Summary } from '../summary/summary.ts';
import { readLedger } from '../verdict/ledger.ts';
import { list } from './arguments.ts';
import { allScenarios, type Terminal } from './context.ts';
import { failedList, failure } from './failed-list.ts';
import { jsonFile } from './json-file.ts';
import type { Paint } from './output.mjs';

export interface CoverageArgs {
  check?: boolean | undefined;
  marginal?: boolean | undefined;
  missing?: boolean | undefined;
  mutants?: string | undefined;
  offline?: boolean | undefined;
  json?: string | undefined;
  out?: string | undefined;
}

/** `coverage`: what the goldens and the last run show of the engine's protocol, per client and engine. Runs no client and no engine. */
export const coverageCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: { name: 'coverage', description: "Count what the goldens and the last run show of the engine's protocol" },
    args: {
      check: { type: 'boolean', description: 'Fail if a goal of the scenario library is not met' },
      marginal: {
        type: 'boolean',
        description: 'List what only one scenario file shows; files that show nothing alone come last',
      },
      missing: { type: 'boolean', description: 'List what is missing, not only how much' },
      mutants: {
        type: 'string',
        description:
          'Results of mutation --alone, used by --marginal, comma-separated (default: out/mutation/results.jsonl)',
        valueHint: 'FILE',
      },
      offline: { type: 'boolean', description: 'Use only the committed goldens, not the last run' },
      json: { type: 'string', description: 'Write all figures and names to this file', valueHint: 'FILE' },
      out: { type: 'string', description: 'Folder of the last run (default: out/parity)', valueHint: 'DIR' },
    },
    run: async ({ args }) => done(await coverage(args, terminal)),
  });

export async function coverage(args: CoverageArgs, terminal: Terminal): Promise<number> {
  const json = await jsonFile(args.json);
  const folders = defaultFolders(args.out === undefined ? undefined : path.resolve(args.out));
  const scenarios = onPin(await allScenarios(folders));
  const checker = new WireChecker(await loadContract());
  const golden = await goldenCoverage(scenarios, folders.goldens, new CoverageReader(checker));
  if (args.marginal === true) {
    const found = await measureMarginals(scenarios, golden, folders, list(args.mutants));
    await json?.write(found);
    terminal.out(...describeMarginals(found, terminal.paint));
    return 0;
  }
  const ran = args.offline === true ? [] : await readCoverage(coveragePath(folders.out));
  const exclusions = await readExclusions(path.join(folders.repository, 'fixtures', 'coverage-exclusions.yaml'));
  const report = coverageReport(allPoints(checker.contract), [...golden, ...ran], exclusions);
  const { proven, total } = await behaviourCounts(
    folders.repository,
    scenarios.map(({ id }) => id),
  );
  const behaviours = { hit: proven, total, excluded: 0 };
  terminal.out(...renderCoverage(report, behaviours));
  if (args.missing === true) {
    for (const [kind, { missingReal }] of Object.entries(report.kinds))
      if (missingReal.length > 0) terminal.out('', `${kind} not on the real engine: ${missingReal.join(', ')}`);
  }
  for (const problem of report.problems) terminal.out(`${terminal.paint.red('exclusion')}  ${problem}`);
  const found = args.check === true ? await measureGoals(report, folders, scenarios, golden, args, terminal) : [];
  for (const goal of found) terminal.out(describeGoal(goal, terminal.paint));
  await json?.write({ ...report, behaviours, goals: found });
  // As every command that `npm run check` counts ends.
  const missed = found.filter((goal) => !goal.met);
  if (args.check === true)
    terminal.out(
      ...failedList([
        ...report.problems.map((problem) => failure('exclusion', problem)),
        ...missed.map(({ name, found, expected }) => failure(name, `expected ${expected}, got ${found}`)),
      ]),
      `${found.length - missed.length} passed, ${report.problems.length + missed.length} failed`,
    );
  return exitCodes.coverage({ refuted: report.problems.length, missed: missed.length });
}

async function measureGoals(
  report: Parameters<typeof goals>[0]['report'],
  folders: Folders,
  scenarios: readonly StandingScenario[],
  golden: readonly CellCoverage[],
  args: CoverageArgs,
  terminal: Terminal,
): Promise<Goal[]> {
  const { repository } = folders;
  const surface = await cachedSurface(repository, venvPython(repository), terminal.signal);
  if (surface === undefined)
    throw new Error('Comparing the surfaces: the virtual environment is not there; npm run parity makes it');
  const last = lastSummary(folders);
  return goals({
    report,
    surface: surfaceCounts(surface),
    // A run of a part says nothing of the whole.
    matchForGoal: last?.scope.whole === true && last.scenarios >= scenarios.length ? last.matchForGoal : undefined,
    usefulFiles: usefulFiles(await measureMarginals(scenarios, golden, folders, list(args.mutants))),
    ledger: await readLedger(folders.ledger),
  });
}

function lastSummary({ out }: Folders): Summary | undefined {
  const file = path.join(out, 'summary.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Summary) : undefined;
}

const describeGoal = ({ name, met, found, expected }: Goal, paint: Paint): string =>
  `${met ? paint.green('met    ') : paint.red('not met')}  ${name}: ${met ? found : `expected ${expected}, got ${found}`}`;

function describeMarginals(found: readonly Marginal[], paint: Paint): string[] {
  const cases = found.reduce((sum, one) => sum + one.cases, 0);
  const { official, bare } = usefulFiles(found);
  return [
    ...found.map(({ file, cases: own, covers, alone }) => {
      const some = alone.slice(0, 3).join(', ');
      const matrix = own > 1 ? ` ×${own}` : '';
      return `${String(alone.length).padStart(5)} of ${String(covers).padStart(4)}  ${file}${matrix}${some === '' ? '' : paint.dim(`  ${some}${alone.length > 3 ? ', …' : ''}`)}`;
    }),
    `${found.filter(({ alone }) => alone.length > 0).length} of ${found.length} scenario files (${cases} scenarios with their matrices) cover what no other does;`,
    `of those with a reference client on the real engine ${official + bare}: ${official} of an official client, ${bare} of bare JSON-RPC`,
  ];
}
