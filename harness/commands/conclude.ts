import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { percent } from '../../testing/text.ts';
import { cellName } from '../cell/cell-path.ts';
import { type CellResult, failingVerdicts } from '../cell/types.ts';
import { exitCodes } from '../judging/exit-codes.ts';
import { describeDrift } from '../report/describe-drift.ts';
import { describeFailures } from '../report/describe-failures.ts';
import { describeHeadline } from '../report/describe-headline.ts';
import { whyFailed } from '../report/difference-text.ts';
import { sensitivityWords } from '../report/sensitivity-words.ts';
import { renderTotals } from '../report/totals-table.ts';
import { writeReports } from '../report/write-reports.ts';
import type { Folders } from '../run/folders.ts';
import type { RunResult } from '../run/run-result.ts';
import { describeShard } from '../run/shard.ts';
import { type Environment, type FinishedRun, finishRun, type JudgedRun } from '../summary/finish-run.ts';
import { type Phases, passedAndFailed, type Summary } from '../summary/summary.ts';
import { unsteadyCells } from '../summary/unsteady-cells.ts';
import type { Terminal } from './context.ts';
import { failedList, failure } from './failed-list.ts';
import type { JsonFile } from './json-file.ts';
import { clock, tellDoing } from './progress.ts';

/** Finishes a run: its figures, its reports, and what the terminal says of it. Gives the exit code. */
export async function conclude(
  run: JudgedRun,
  environment: Environment,
  terminal: Terminal,
  json?: JsonFile,
): Promise<number> {
  const { folders, ledger } = environment;
  const doing = tellDoing(terminal);
  const finished = await finishRun(run, environment, { signal: terminal.signal, doing });
  await json?.write(finished.summary);
  doing('writing the report');
  const files = { ...finished, folders, ledger, observations: run.observations };
  for (const { message, ...properties } of await writeReports(files, terminal.github))
    terminal.command('error', properties, message);
  terminal.status();
  const tookMs = run.begun === undefined ? undefined : Date.now() - run.begun.getTime();
  return printConclusion(finished, run.result, folders, terminal, tookMs);
}

/** What failed and why, the totals, the figures. Gives the exit code; the last line is `N passed, N failed`. */
function printConclusion(
  { summary, results, goldens }: FinishedRun,
  { shard, interrupted }: RunResult,
  { repository, out }: Folders,
  terminal: Terminal,
  tookMs: number | undefined,
): number {
  const folder = path.relative(repository, out);
  const report = pathToFileURL(path.join(out, 'report.html')).href;
  terminal.out(...describeFailures(results, terminal.paint, { goldens, folder, report }));
  terminal.out(...describeDrift(summary.engines, terminal.paint));
  for (const text of unsteadyCells(results)) terminal.out(`${terminal.paint.red('unsteady')}  ${text}`);
  for (const problem of summary.ledger.problems) terminal.out(`${terminal.paint.red('ledger')}  ${problem}`);
  for (const problem of summary.problems) terminal.out(`${terminal.paint.red('whole')}  ${problem}`);
  const { passed, failed, code } = conclusionOf(summary, { shard, interrupted });
  const problems = summary.ledger.problems.length + summary.problems.length;
  terminal.out(
    '',
    ...renderTotals(summary.totals, terminal.paint),
    '',
    ...describeHeadline(summary, terminal.paint),
    `${counted(summary.scenarios, 'scenario')}, ${counted(passed + failed - problems, 'cell')} in ${clock(summary.durationMs)}; ${folder}/report.html`,
  );
  if (summary.phases !== undefined && tookMs !== undefined) terminal.out(describePhases(summary.phases, tookMs));
  const { widest, entries } = summary.ledger;
  if (widest)
    terminal.out(
      `ledger: ${entries} entries; the widest, ${widest.id}, covers ${percent(widest.ofAll, 2)} of all goldens`,
    );
  const { selfDifferences: own } = summary.sensitivity;
  const worth = sensitivityWords(summary.sensitivity) ?? 'not measured: a run of some scenarios, or offline';
  terminal.out(`sensitivity: ${worth}; references against themselves: ${own} differences`);
  if (shard !== null)
    terminal.out(`shard ${describeShard(shard)}: whether the ledger still holds is judged by npm run parity -- merge`);
  if (interrupted) terminal.out('interrupted: not every cell ran');
  terminal.out(...failedList(namedFailures(results, summary)), `${passed} passed, ${failed} failed`);
  return code;
}

/** What the last line counts, and the exit code. Exported for its test. */
export function conclusionOf(
  summary: Pick<Summary, 'verdicts' | 'ledger' | 'problems'>,
  { shard, interrupted }: Pick<RunResult, 'shard' | 'interrupted'>,
): { passed: number; failed: number; code: number } {
  const { passed, failed } = passedAndFailed(summary);
  return { passed, failed, code: exitCodes.run({ passed, failed, isShard: shard !== null, interrupted }) };
}

/** The reports are written by then, and are part of the rest. */
function describePhases({ cells, sensitivity }: Phases, tookMs: number): string {
  const rest = Math.max(0, tookMs - cells - sensitivity);
  const share = percent(tookMs === 0 ? 0 : rest / tookMs);
  return `time: cells ${clock(cells)}, sensitivity ${clock(sensitivity)}, everything else ${clock(rest)} (${share})`;
}

/** A line for each of those that `passedAndFailed` counts as failed. */
function namedFailures(results: readonly CellResult[], { ledger, problems }: Summary): string[] {
  const cells = results.filter(({ verdict }) => failingVerdicts.has(verdict));
  return [
    ...cells.map((cell) =>
      failure(`${cell.verdict}  ${cellName(cell)}`, whyFailed({ first: cell.unexplained[0], reason: cell.reason })),
    ),
    ...ledger.problems.map((problem) => failure('ledger', problem)),
    ...problems.map((problem) => failure('the run as a whole', problem)),
  ];
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
