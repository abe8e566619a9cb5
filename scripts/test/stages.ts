import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readFailedList } from '../../harness/commands/failed-list.ts';
import { holds } from '../../harness/judging/holds.ts';
import { venvPython } from '../../native/index.ts';
import { findChromium } from '../bootstrap/chromium.mjs';
import { checkImports } from '../imports/check-imports.ts';
import { commandStage, runNode, runProgram } from './command-stage.ts';
import { coverageStage } from './coverage/coverage-stage.ts';
import { failuresOfPlaywright, failuresOfUnittest, type PlaywrightReport } from './named-failures.ts';
import type { Stage, StageResult } from './run-stages.ts';
import { vitestStage } from './vitest-stage.ts';

/** Imports go one way; counts as one test. */
const importsStage: Stage = {
  name: 'imports',
  needs: [],
  run: async ({ root }) => {
    const problems = checkImports(root);
    const details = problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n');
    return problems.length === 0 ? { passed: 1, failed: 0, details } : { passed: 0, failed: 1, details };
  },
};

/** Our client against every committed golden on the fake engine: no Python, no real engine, no network. Each cell counts as one test. */
const replayStage: Stage = {
  name: 'replay',
  needs: [],
  async run(context) {
    // One more than there are processors: a cell waits now and then, for the start of a program or for a time limit.
    const jobs = String(availableParallelism() + 1);
    const args = [
      'scripts/parity.mjs',
      'run',
      '--offline',
      '--engine',
      'fake',
      '--jobs',
      jobs,
      '--out',
      'out/test/replay',
    ];
    const done = await runNode(context, 'replay', args);
    const { failures } = readFailedList(done.tail.split('\n'));
    return { ...countsOf(done.tail, done.code), details: done.tail, failures };
  },
};

/** Reads `N passed, N failed`, the last line. Without it the stage has failed. */
export function countsOf(output: string, code: number | null): { passed: number; failed: number } {
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  const found = /^(\d+) passed, (\d+) failed$/.exec(last);
  if (holds('counts-missing', found === null)) return { passed: 0, failed: 1 };
  const [passed, failed] = [Number(found?.[1]), Number(found?.[2])];
  return { passed, failed: holds('counts-hide-failure', code !== 0 && failed === 0) ? 1 : failed };
}

/** The Python drivers' own tests; counted one by one. */
function unittestStage(name: string, folder: string, top: string): Stage {
  return {
    name,
    needs: ['python'],
    async run(context) {
      const args = ['-m', 'unittest', 'discover', '-s', folder, '-t', top];
      const done = await runProgram(context, name, venvPython(context.root), args);
      return {
        ...countUnittest(done.tail, done.code),
        details: done.tail,
        failures: failuresOfUnittest(done.tail),
      };
    },
  };
}

/**
 * Reads unittest's closing lines: `Ran 12 tests in 0.4s`, then `OK` or `FAILED (failures=1, errors=2, skipped=1)`.
 * @param code unittest's exit code
 */
export function countUnittest(output: string, code: number | null): Omit<StageResult, 'details' | 'failures'> {
  const ran = Number(/^Ran (\d+) tests?\b/m.exec(output)?.[1] ?? 0);
  const closing = /^(?:OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$/m.exec(output)?.[1] ?? '';
  const of = (word: string) => Number(new RegExp(`${word}=(\\d+)`).exec(closing)?.[1] ?? 0);
  const named = of('failures') + of('errors') + of('unexpected successes');
  const skipped = of('skipped');
  // A module that cannot be imported is an error without a test; a crash has no closing line at all.
  const failed = holds('unittest-fails-silently', code !== 0 && named === 0) ? 1 : named;
  return { passed: Math.max(0, ran - skipped - named), failed, skipped };
}

/** The report in a real browser, which is brought when there is none; tests are counted one by one. */
const browserStage: Stage = {
  name: 'browser',
  needs: [],
  async run(context) {
    const { root, signal, outFolder, note } = context;
    const chromium = await findChromium({ root, signal, install: true, log: note });
    const report = join(outFolder, 'browser.json');
    rmSync(report, { force: true });
    const args = ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'];
    const env = { TWINPROOF_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
    const done = await runNode(context, 'browser', args, env);
    const read = readReport(report);
    return { ...countPlaywright(read, done.code), details: done.tail, failures: failuresOfPlaywright(read) };
  },
};

/**
 * @param report undefined when Playwright wrote none
 * @param code Playwright's exit code
 */
export function countPlaywright(
  report: Pick<PlaywrightReport, 'stats' | 'errors'> | undefined,
  code: number | null,
): Omit<StageResult, 'details' | 'failures'> {
  if (holds('browser-told-nothing', report === undefined)) return { passed: 0, failed: 1 };
  const { stats, errors } = report as PlaywrightReport;
  const { expected, unexpected, flaky, skipped } = stats;
  // One that passed only when tried again has failed.
  const failed = unexpected + flaky + errors.length;
  return {
    passed: expected,
    failed: holds('browser-fails-silently', code !== 0 && failed === 0) ? 1 : failed,
    skipped,
  };
}

function readReport(file: string): PlaywrightReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** What `npm test` runs, in order: what is fast and tells most comes first. */
export const stages: readonly Stage[] = [
  commandStage('lint', ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '--error-on-warnings', '.']),
  commandStage('types', ['node_modules/native-typescript/bin/tsc', '--noEmit', '--pretty', 'false', '-p', '.']),
  commandStage('report-types', ['node_modules/native-typescript/bin/tsc', '-p', 'harness/report/html/app']),
  importsStage,
  commandStage('dead-code', ['node_modules/knip/bin/knip.js', '--no-progress']),
  commandStage('generated', ['scripts/generate.mjs', '--check'], ['python', 'engine']),
  vitestStage('unit'),
  vitestStage('process', ['python'], true),
  vitestStage('engine', ['python', 'engine'], true),
  unittestStage('python', 'python-golden/tests', 'python-golden'),
  replayStage,
  browserStage,
  coverageStage,
];
