import path from 'node:path';
import { $, fs } from 'zx';
import type { BumpReport } from '../harness/bump/types.ts';
import type { Output } from '../harness/commands/output.mjs';
import { type Arguments, UsageError } from '../harness/commands/read-arguments.mjs';
import { exitCodes } from '../harness/judging/exit-codes.ts';
import { holds } from '../harness/judging/holds.ts';
import { compareVersions } from '../harness/scenario/index.ts';
import { engineVersion } from '../native/engine-lock.mjs';
import { expectedGot } from '../native/expected-got.mjs';
import { readEngineLock } from '../native/index.ts';
import { enginePackage, viewPackage } from '../native/npm-package.mjs';
import { NpmRuns } from './npm.ts';

const root = path.dirname(import.meta.dirname);
const current = path.join('out', 'bump', 'current');
const branch = 'upstream-release';

/** What the scheduled watch does, step by step. Exit code 0: done; 1: a step failed; 2: not understood; 3: could not be checked. */
export async function main({ values }: Arguments, output: Output): Promise<number> {
  const { step, engine, python } = values as Record<string, string | undefined>;
  for (const version of [engine, python])
    if (version !== undefined && !engineVersion.test(version))
      throw new UsageError(expectedGot('reading the version', 'one such as 0.171.0', JSON.stringify(version)));
  if (step === 'look') return look(output);
  if (step === 'gate') return gate(engine, python, output);
  if (step === 'propose') return propose(root, output);
  throw new UsageError(expectedGot('reading the step', 'look, gate or propose', JSON.stringify(step)));
}

async function look(output: Output): Promise<number> {
  const { pin, officialPair } = readEngineLock();
  const { version } = await viewPackage(`${enginePackage}@latest`, { root, env: process.env });
  const told = await $({ quiet: true, nothrow: true })`python3 -m pip index versions openai-codex`;
  const python = /^openai-codex \(([^)]+)\)/m.exec(told.stdout)?.[1];
  if (python === undefined) {
    output.note(
      expectedGot('asking for the newest Python SDK', 'a version', told.stderr.trim().split('\n').at(-1) ?? 'nothing'),
    );
    return 3;
  }
  output.out(`engine=${ifNewer(version, pin)}`, `python=${ifNewer(python, officialPair)}`);
  return 0;
}

/** The release, or nothing if it is known or is none. Exported for its test. */
export const ifNewer = (found: string, known: string): string =>
  holds('release-is-newer', engineVersion.test(found) && compareVersions(found, known) > 0) ? found : '';

async function gate(engine: string | undefined, python: string | undefined, output: Output): Promise<number> {
  if (engine === undefined && python === undefined)
    throw new UsageError(expectedGot('running the gate', '--engine V or --python V', 'neither'));
  using npm = new NpmRuns();
  const what = [...(engine === undefined ? [] : [engine]), ...(python === undefined ? [] : ['--python', python])];
  const args = ['run', '--silent', 'bump', '--', ...what, '--out', path.join(root, current)];
  const { code } = await npm.run(args, output.relay);
  return exitCodes.gate(code);
}

/** One pull request for whatever is newest: its branch holds the report, its body is the report's. A pin that stays behind is said in a comment, at most once in a week. */
export async function propose(root: string, output: Pick<Output, 'out'>): Promise<number> {
  const results = path.join(root, current);
  const report = (await fs.readJson(path.join(results, 'bump.json'))) as BumpReport;
  const { from, to, python, verdict } = report;
  namesVersions([from, to, python.from, python.to]);
  const step = from === to ? `python-${python.from}-${python.to}` : `${from}-${to}`;
  const title = `${from === to ? `Python SDK ${python.to}` : `Engine ${to}`}: ${verdict.replaceAll('-', ' ')}`;
  const body = path.join(results, 'bump.md');
  const page = path.join('docs', 'bumps', `${step}.md`);
  const run = $({ cwd: root, quiet: true, verbose: false });
  await fs.ensureDir(path.join(root, 'docs', 'bumps'));
  await fs.copy(body, path.join(root, page));
  const author = [
    '-c',
    'user.name=github-actions[bot]',
    '-c',
    'user.email=41898282+github-actions[bot]@users.noreply.github.com',
  ];
  await run`git checkout -B ${branch}`;
  await run`git add ${page}`;
  const changed = (await run({ nothrow: true })`git diff --cached --quiet`).exitCode !== 0;
  if (changed) await run`git ${author} commit -m ${`The report of the step ${step}`}`;
  // The credentials of the token are git's for this push alone.
  await run`gh auth setup-git`;
  await run`git push --force origin ${branch}`;
  const listed = await run`gh pr list --head ${branch} --state open --json number,createdAt`;
  const [open] = JSON.parse(listed.stdout) as { number: number; createdAt: string }[];
  if (open === undefined) {
    const made = await run`gh pr create --head ${branch} --title ${title} --body-file ${body}`;
    output.out(made.stdout.trim());
    return 0;
  }
  await run`gh pr edit ${String(open.number)} --title ${title} --body-file ${body}`;
  output.out(`pull request ${open.number} is up to date`);
  await remind(root, open, report, output);
  return 0;
}

/** @throws Error for what is no version: it would become the name of a branch and of a file */
export function namesVersions(versions: readonly string[]): void {
  for (const version of versions)
    if (!holds('report-names-versions', engineVersion.test(version)))
      throw new Error(expectedGot('reading bump.json', 'versions such as 0.171.0', JSON.stringify(version)));
}

const week = 7 * 24 * 60 * 60 * 1000;

/** Whether the last word of it is so long ago that it is said again. Exported for its test. */
export const isDue = (said: readonly number[], now: number): boolean =>
  holds('waits-unsaid', now - Math.max(...said) >= week);

async function remind(
  root: string,
  { number, createdAt }: { number: number; createdAt: string },
  report: BumpReport,
  output: Pick<Output, 'out'>,
) {
  const run = $({ cwd: root, quiet: true, verbose: false });
  const told = await run`gh pr view ${String(number)} --json comments`;
  const { comments } = JSON.parse(told.stdout) as { comments: { createdAt: string; body: string }[] };
  const own = comments
    .filter(({ body }) => body.startsWith('The pin is still'))
    .map((one) => Date.parse(one.createdAt));
  if (!isDue([Date.parse(createdAt), ...own], Date.now())) return;
  const text = `The pin is still ${readEngineLock().pin}; ${report.to} is released, and this step has waited since ${createdAt.slice(0, 10)}.`;
  await run`gh pr comment ${String(number)} --body ${text}`;
  output.out(text);
}
