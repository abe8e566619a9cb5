import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { holds } from '../../harness/judging/holds.ts';
import type { Need } from '../bootstrap/bootstrap.mjs';
import { runNode } from './command-stage.ts';
import { measuring } from './coverage/measured.ts';
import { failuresOfVitest, type VitestReport } from './named-failures.ts';
import type { Stage, StageResult } from './run-stages.ts';

/**
 * One vitest project; its tests are counted one by one.
 * @param waits its tests wait for programs and deadlines for a good part of their time: one file more than there are processors runs at once
 */
export function vitestStage(project: string, needs: readonly Need[] = [], waits = false): Stage {
  return {
    name: project,
    needs,
    async run(context) {
      const report = join(context.outFolder, `${project}.json`);
      rmSync(report, { force: true });
      const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project];
      if (waits) args.push(`--maxWorkers=${availableParallelism() + 1}`);
      args.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
      const measured = context.coverage ? measuring(context.root, context.outFolder, project) : undefined;
      const done = await runNode(context, project, [...args, ...(measured?.args ?? [])], measured?.env);
      const read = readReport(report);
      const failures = failuresOfVitest(read, context.root, done.tail);
      return { ...countVitest(read, done.code), details: done.tail, failures };
    },
  };
}

/**
 * @param report undefined when vitest wrote none
 * @param code vitest's exit code
 */
export function countVitest(
  report: VitestReport | undefined,
  code: number | null,
): Omit<StageResult, 'details' | 'failures'> {
  if (holds('vitest-told-nothing', report === undefined)) return { passed: 0, failed: 1 };
  const { testResults, ...counts } = report as VitestReport;
  // A file that cannot be loaded has no tests to report: it counts as one.
  const unloaded = testResults.filter(
    (file) =>
      file.status === 'failed' &&
      holds(
        'file-not-loaded',
        file.assertionResults.every((test) => test.status !== 'failed'),
      ),
  );
  const failed = counts.numFailedTests + unloaded.length;
  // An unhandled error fails the run without failing a test.
  const unexplained = holds('vitest-fails-silently', code !== 0 && failed === 0) ? 1 : 0;
  return {
    passed: counts.numPassedTests,
    failed: failed + unexplained,
    skipped: counts.numPendingTests + counts.numTodoTests,
  };
}

function readReport(file: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
