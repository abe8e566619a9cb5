import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { percent } from '../../testing/text.ts';
import { expectationName } from '../cell/cell-path.ts';
import { failingVerdicts } from '../cell/types.ts';
import { describeDrift } from '../report/describe-drift.ts';
import { describeHeadline } from '../report/describe-headline.ts';
import { explainCell } from '../report/explain.ts';
import { renderMatrix } from '../report/matrix.ts';
import { writeReports } from '../report/write-reports.ts';
import type { Folders } from '../run/folders.ts';
import type { RunResult } from '../run/run-result.ts';
import { describeShard } from '../run/shard.ts';
import { type Environment, type FinishedRun, finishRun, type JudgedRun } from '../summary/finish-run.ts';
import { passedAndFailed } from '../summary/summary.ts';
import { unsteadyCells } from '../summary/unsteady-cells.ts';
import type { Terminal } from './context.ts';
import type { JsonFile } from './json-file.ts';

const mostExplained = 10;

/** Finishes a run: its figures, its reports, and what the terminal says of it. Gives the exit code. */
export async function conclude(
  run: JudgedRun,
  environment: Environment,
  terminal: Terminal,
  json?: JsonFile,
): Promise<number> {
  const { folders, ledger } = environment;
  const finished = await finishRun(run, environment, terminal);
  await json?.write(finished.summary);
  const files = { ...finished, folders, ledger, observations: run.observations };
  for (const { message, ...properties } of await writeReports(files, terminal.github))
    terminal.command('error', properties, message);
  return printConclusion(finished, run.result, folders, terminal);
}

/** The matrix, what failed and why, the figures. Gives the exit code; the last line is `N passed, N failed`. */
function printConclusion(
  { summary, results, goldens }: FinishedRun,
  { shard, interrupted }: RunResult,
  { repository, out }: Folders,
  terminal: Terminal,
): number {
  const folder = path.relative(repository, out);
  const report = pathToFileURL(path.join(out, 'report.html')).href;
  terminal.out(...renderMatrix(results, terminal.paint));
  const failures = results.filter(({ verdict }) => failingVerdicts.has(verdict));
  for (const failure of failures.slice(0, mostExplained)) {
    const golden = goldens.get(expectationName(failure));
    terminal.out('', ...explainCell(failure, terminal.paint, { golden, all: results, folder, report }));
  }
  if (failures.length > mostExplained)
    terminal.out('', `and ${failures.length - mostExplained} more failing cells, all in the report`);
  terminal.out(...describeDrift(summary.engines, terminal.paint));
  for (const text of unsteadyCells(results)) terminal.out(`${terminal.paint.red('unsteady')}  ${text}`);
  for (const problem of summary.ledger.problems) terminal.out(`${terminal.paint.red('ledger')}  ${problem}`);
  for (const problem of summary.problems) terminal.out(`${terminal.paint.red('whole')}  ${problem}`);
  const { passed, failed } = passedAndFailed(summary);
  terminal.out(
    '',
    ...describeHeadline(summary, terminal.paint),
    `${summary.scenarios} scenarios, ${summary.cells} cells, ${Math.round(summary.durationMs / 100) / 10} s; ${folder}/report.html`,
  );
  const { widest, entries } = summary.ledger;
  if (widest)
    terminal.out(
      `ledger: ${entries} entries; the widest, ${widest.id}, covers ${percent(widest.ofAll, 2)} of all goldens`,
    );
  const { tampered, flagged, selfDifferences: own } = summary.sensitivity;
  const worth =
    tampered === 0
      ? 'not measured: a run of some scenarios, or offline'
      : `${flagged} of ${tampered} tamperings flagged (${percent(flagged / tampered, 2)})`;
  terminal.out(`sensitivity: ${worth}; references against themselves: ${own} differences`);
  if (shard !== null)
    terminal.out(`shard ${describeShard(shard)}: whether the ledger still holds is judged by npm run parity -- merge`);
  if (interrupted) terminal.out('interrupted: not every cell ran');
  terminal.out(`${passed} passed, ${failed} failed`);
  // A run in which nothing was judged proves nothing; of a whole with few cells a shard may have none.
  return failed > 0 || (passed === 0 && shard === null) || interrupted ? 1 : 0;
}
