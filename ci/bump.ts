import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readApprovals } from '../harness/bump/approvals.ts';
import { bringPython } from '../harness/bump/bring-python.ts';
import { behaviourOfStep, type StepEngine, type StepPython } from '../harness/bump/check-step.ts';
import { exitCodes } from '../harness/bump/conclude.ts';
import { whatIsExercised } from '../harness/bump/exercised.ts';
import { makeReport } from '../harness/bump/make-report.ts';
import { renderBumpHtml } from '../harness/bump/report/render-html.ts';
import { renderMarkdown } from '../harness/bump/report/render-markdown.ts';
import { conclusion } from '../harness/bump/report/words.ts';
import { diffSurfaces } from '../harness/bump/surface-diff.ts';
import type { BumpReport } from '../harness/bump/types.ts';
import { allScenarios, jobsOf, lookAround, selectScenarios } from '../harness/commands/context.ts';
import { type JsonFile, jsonFile } from '../harness/commands/json-file.ts';
import type { Output } from '../harness/commands/output.mjs';
import { type Arguments, UsageError } from '../harness/commands/read-arguments.mjs';
import { tellError } from '../harness/commands/tell-error.mjs';
import { goldenPath } from '../harness/golden/golden-file.ts';
import { holds } from '../harness/judging/holds.ts';
import { readPythonSurface } from '../harness/proofs/surface/index.ts';
import { defaultFolders } from '../harness/run/folders.ts';
import { compareVersions, loadScenarios } from '../harness/scenario/index.ts';
import { engineVersion } from '../native/engine-lock.mjs';
import { expectedGot } from '../native/expected-got.mjs';
import { EngineError, type EngineInstall, fetchPublishedEngine, readEngineLock } from '../native/index.ts';
import { buildContract } from '../scripts/contract/build-contract.ts';
import { readEngineSchemas } from '../scripts/contract/read-engine-schema.ts';
import { writeWhole } from '../testing/files/write-whole.ts';
import { applyStep } from './apply-step.ts';
import { NpmRuns } from './npm.ts';

const root = path.dirname(import.meta.dirname);

/** What the command line says, understood. */
interface Request {
  from: string;
  to: string;
  python: string | undefined;
  fromPython: string | undefined;
  scenario: string | undefined;
  jobs: number;
  resume: boolean;
  apply: boolean;
  out: string;
  json: JsonFile | undefined;
}

/** `npm run bump`. Exit code 0: safe; 1: needs work; 3: could not be checked, and nothing is said of the step; 130: interrupted. */
export async function main({ values }: Arguments, output: Output): Promise<number> {
  const request = await understand(values);
  const abort = new AbortController();
  const stop = () => {
    if (!abort.signal.aborted) output.note('ending what runs …');
    abort.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  try {
    const report = await check(request, abort.signal, output);
    await writeReport(report, request);
    output.out(...report.unchecked.map((line) => `could not be checked: ${line}`));
    output.out(...report.edits.slice(0, 20).map(({ todo, file }) => (file === undefined ? todo : `${file}: ${todo}`)));
    output.out(path.relative(process.cwd(), path.join(request.out, 'bump.html')), conclusion(report));
    const notApplied = request.apply && report.verdict !== 'could-not-check' && !(await apply(report, output));
    return codeOf({ verdict: report.verdict, notApplied, interrupted: abort.signal.aborted });
  } catch (error) {
    if (abort.signal.aborted) {
      output.note('interrupted; the same command with --resume goes on from here');
      return 130;
    }
    // Whatever it is: without a report there is nothing to say of the step.
    tellError(error instanceof Error ? plain(error) : error, output);
    output.out(`${request.from} → ${request.to} could not be checked`);
    return exitCodes['could-not-check'];
  } finally {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(name, stop);
  }
}

/** Exported for its test. */
export function codeOf(ended: { verdict: BumpReport['verdict']; notApplied: boolean; interrupted: boolean }): number {
  if (holds('bump-not-applied', ended.notApplied)) return 1;
  return holds('bump-interrupted', ended.interrupted) ? 130 : exitCodes[ended.verdict];
}

/** An error without its stack. */
const plain = ({ message, cause }: Error): Error => new Error(message, cause === undefined ? {} : { cause });

async function understand(values: Arguments['values']): Promise<Request> {
  const given = values as { [name: string]: string | undefined } & { resume?: boolean; apply?: boolean };
  const { pin } = readEngineLock();
  if (given.version === undefined && given.python === undefined)
    throw new UsageError(
      expectedGot('reading the arguments of npm run bump', 'VERSION or --python V', 'neither', 'See --help'),
    );
  const { version: to = pin, from = pin } = given;
  for (const version of [to, from, given.python, given['from-python']])
    if (version !== undefined && !engineVersion.test(version))
      throw new UsageError(expectedGot('reading the version', 'one such as 0.171.0', JSON.stringify(version)));
  const name = given.python === undefined ? to : `${to}-python-${given.python}`;
  return {
    ...{ from: given.version === undefined ? to : from, to, python: given.python, fromPython: given['from-python'] },
    scenario: given.scenario,
    jobs: jobsOf({ jobs: given.jobs }),
    resume: given.resume === true,
    apply: given.apply === true,
    out: path.resolve(given.out ?? path.join(root, 'out', 'bump', name)),
    json: await jsonFile(given.json),
  };
}

async function check(request: Request, signal: AbortSignal, output: Output): Promise<BumpReport> {
  const { from, to, out } = request;
  forwards(from, to, (old, fresh) => `${fresh} --from ${old}`);
  if (request.python !== undefined)
    forwards(
      request.fromPython ?? readEngineLock().officialPair,
      request.python,
      (old, fresh) => `--python ${fresh} --from-python ${old}`,
    );
  const options = { root, log: (line: string) => output.note(line), signal };
  const fetched = async (version: string): Promise<StepEngine> =>
    withContract(await fetchPublishedEngine(version, options));
  const engines = { from: await fetched(from), to: await fetched(to) };
  const { python: interpreter = '', engine, clients } = await lookAround(false, root);
  const installed: StepPython = { path: interpreter, version: readEngineLock().officialPair };
  const brought = (version: string | undefined, otherwise: StepPython) =>
    version === undefined ? otherwise : bringPython(version, { root, env: process.env, note: options.log, signal });
  const oldPython = await brought(request.fromPython, installed);
  const python = await brought(request.python, oldPython);
  const folders = defaultFolders(out);
  const committed = await allScenarios(folders);
  const own = await loadScenarios(path.join(root, 'fixtures', 'bump-scenarios'));
  const scenarios = selectScenarios([...committed, ...own], { scenario: request.scenario });
  // What an earlier run has left would stand beside the list of this one's edits.
  for (const file of ['bump.json', 'bump.md', 'bump.html']) await rm(path.join(out, file), { force: true });
  const behaviour = await behaviourOfStep({
    ...engines,
    python: { from: oldPython, to: python },
    pinned: engine as EngineInstall,
    ...{ clients, scenarios, folders, signal, jobs: request.jobs, resume: request.resume },
    note: (line) => output.note(line),
  });
  const surfaceOf = (one: StepPython) => readPythonSurface(root, one.path, signal);
  const surface =
    python.path === oldPython.path ? [] : diffSurfaces(await surfaceOf(oldPython), await surfaceOf(python));
  return makeReport({
    ...{ root, from, to, behaviour, surface, unchecked: [] },
    recorded: new Set(committed.map(({ id }) => id).filter((id) => existsSync(goldenPath(folders.goldens, id)))),
    approvals: await readApprovals(path.join(root, 'fixtures', 'bump-approvals.yaml')),
    python: { from: oldPython.version, to: python.version },
    contracts: { from: engines.from.contract, to: engines.to.contract },
    exercised: await whatIsExercised(
      committed,
      folders.goldens,
      behaviour.map(({ exercised }) => exercised),
    ),
  });
}

/** A step back is another question than the one that was asked. */
function forwards(from: string, to: string, args: (from: string, to: string) => string): void {
  if (compareVersions(to, from) >= 0) return;
  const advice = `To look at the step between the two: npm run bump -- ${args(to, from)}`;
  throw new EngineError('lock', expectedGot('checking the step', `a version from ${from} on`, to, advice));
}

/** Whether all of it was done; the report stands all the same. */
async function apply(report: BumpReport, output: Output): Promise<boolean> {
  using npm = new NpmRuns();
  const run = async (args: readonly string[]) => (await npm.run(['run', '--silent', ...args], output.relay)).code;
  try {
    await applyStep(report, { root, npm: run, note: (line) => output.note(line) });
    return true;
  } catch (error) {
    tellError(error, output);
    return false;
  }
}

async function writeReport(report: BumpReport, { out, json }: Request): Promise<void> {
  await json?.write(report);
  await writeWhole(path.join(out, 'bump.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeWhole(path.join(out, 'bump.md'), renderMarkdown(report));
  await writeWhole(path.join(out, 'bump.html'), renderBumpHtml(report));
}

const withContract = async (engine: EngineInstall): Promise<StepEngine> => ({
  ...engine,
  contract: buildContract(await readEngineSchemas(engine.path), engine.sha256),
});
