import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineCommand } from 'citty';
import pc from 'picocolors';
import { venvPython } from '../../native/index.ts';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { behaviourCounts } from '../behaviours/behaviour-counts.ts';
import { WireChecker } from '../contract/check-wire.ts';
import { loadContract } from '../contract/load-contract.ts';
import { allPoints } from '../coverage/all-points.ts';
import { coveragePath, readCoverage } from '../coverage/coverage-file.ts';
import { coverageReport } from '../coverage/coverage-report.ts';
import { readExclusions } from '../coverage/exclusions.ts';
import { type Goal, goals } from '../coverage/goals.ts';
import { goldenCoverage } from '../coverage/golden-coverage.ts';
import { killedBy } from '../coverage/killed-by.ts';
import { type Marginal, marginals } from '../coverage/marginal.ts';
import { CoverageReader } from '../coverage/observed-points.ts';
import { renderCoverage } from '../coverage/render-coverage.ts';
import type { Summary } from '../report/summary.ts';
import { defaultFolders, type Folders } from '../run/folders.ts';
import { cachedSurface } from '../surface/cached-surface.ts';
import { surfaceCounts } from '../surface/index.ts';
import { readLedger } from '../verdict/ledger.ts';
import { allScenarios, type Terminal } from './context.ts';

export interface CoverageArgs {
  check?: boolean | undefined;
  marginal?: boolean | undefined;
  missing?: boolean | undefined;
  offline?: boolean | undefined;
  json?: string | undefined;
  out?: string | undefined;
}

/** `coverage`: what the goldens and the last run show of the engine's protocol, per client and engine. Runs no client and no engine. */
export const coverageCommand = (terminal: Terminal, done: (code: number) => void) =>
  defineCommand({
    meta: { name: 'coverage', description: "Count what the goldens and the last run show of the engine's protocol" },
    args: {
      check: { type: 'boolean', description: 'Fail when a goal of the scenario library is not met' },
      marginal: { type: 'boolean', description: 'What only one scenario adds; those that add nothing last' },
      missing: { type: 'boolean', description: 'Name what is missing, not only how much' },
      offline: { type: 'boolean', description: 'The committed goldens alone, without the last run' },
      json: { type: 'string', description: 'Write all figures and names to this file', valueHint: 'FILE' },
      out: { type: 'string', description: 'Folder of the last run (default: out/parity)', valueHint: 'DIR' },
    },
    run: async ({ args }) => done(await coverage(args, terminal)),
  });

export async function coverage(args: CoverageArgs, terminal: Terminal): Promise<number> {
  const folders = defaultFolders(args.out === undefined ? undefined : path.resolve(args.out));
  const scenarios = await allScenarios(folders);
  const checker = new WireChecker(await loadContract());
  const golden = await goldenCoverage(scenarios, folders.goldens, new CoverageReader(checker));
  if (args.marginal === true) {
    const fileOf = new Map(
      scenarios.flatMap(({ id, expandedFrom }) => (expandedFrom === undefined ? [] : [[id, expandedFrom]])),
    );
    const found = marginals(golden, fileOf, killedBy(folders.repository));
    if (args.json !== undefined) await writeWhole(path.resolve(args.json), `${JSON.stringify(found, null, 2)}\n`);
    for (const text of describeMarginals(found)) terminal.out(text);
    return 0;
  }
  const ran = args.offline === true ? [] : await readCoverage(coveragePath(folders.out));
  const exclusions = await readExclusions(path.join(folders.repository, 'fixtures', 'coverage-exclusions.yaml'));
  const report = coverageReport(allPoints(checker.contract), [...golden, ...ran], exclusions);
  const { proven, total } = await behaviourCounts(folders.repository, scenarios);
  const behaviours = { hit: proven, total, excluded: 0 };
  terminal.out(renderCoverage(report, behaviours));
  if (args.missing === true) {
    for (const [kind, { missingReal }] of Object.entries(report.kinds))
      if (missingReal.length > 0) terminal.out(`\n${kind} not on the real engine: ${missingReal.join(', ')}`);
  }
  for (const problem of report.problems) terminal.out(`${pc.red('exclusion')}  ${problem}`);
  const found = args.check === true ? await measureGoals(report, folders, scenarios.length, terminal) : [];
  for (const goal of found) terminal.out(describeGoal(goal));
  if (args.json !== undefined)
    await writeWhole(path.resolve(args.json), `${JSON.stringify({ ...report, behaviours, goals: found }, null, 2)}\n`);
  return report.problems.length > 0 || found.some(({ met }) => !met) ? 1 : 0;
}

async function measureGoals(
  report: Parameters<typeof goals>[0]['report'],
  folders: Folders,
  scenarios: number,
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
    matchBeforeLedger: last !== undefined && last.scenarios >= scenarios ? last.matchBeforeLedger : undefined,
    ledger: await readLedger(folders.ledger),
  });
}

function lastSummary({ out }: Folders): Summary | undefined {
  const file = path.join(out, 'summary.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Summary) : undefined;
}

const describeGoal = ({ name, met, found, wanted }: Goal): string =>
  `${met ? pc.green('met    ') : pc.red('not met')}  ${name}: ${found}${met ? '' : `; wanted: ${wanted}`}`;

function describeMarginals(found: readonly Marginal[]): string[] {
  const useful = found.filter(({ alone }) => alone.length > 0);
  const cases = found.reduce((sum, one) => sum + one.cases, 0);
  return [
    ...found.map(({ file, cases: own, covers, alone }) => {
      const some = alone.slice(0, 3).join(', ');
      const matrix = own > 1 ? ` ×${own}` : '';
      return `${String(alone.length).padStart(5)} of ${String(covers).padStart(4)}  ${file}${matrix}${some === '' ? '' : pc.dim(`  ${some}${alone.length > 3 ? ', …' : ''}`)}`;
    }),
    `${useful.length} of ${found.length} scenario files (${cases} scenarios with their matrices) cover what no other does`,
  ];
}
