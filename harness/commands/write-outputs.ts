import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { cellPath, expectationName } from '../cell/cell-path.ts';
import type { CellResult } from '../cell/types.ts';
import { annotations, shownAnnotations } from '../report/ci/annotations.ts';
import { badge, renderBadge } from '../report/ci/badge.ts';
import { failingLine } from '../report/ci/failing-line.ts';
import { appendStepSummary } from '../report/ci/github-run.ts';
import { renderStepSummary } from '../report/ci/step-summary.ts';
import { type Summary, summarySchema } from '../summary/summary.ts';
import type { Terminal } from './context.ts';
import type { ReportFiles } from './write-html-report.ts';

/** Beside the summary its schema and the badge; in a workflow of GitHub the summary of the step, and an annotation where a scenario failed. */
export async function writeOutputs(files: ReportFiles, terminal: Terminal): Promise<void> {
  const { summary, results, folders, ledger } = files;
  const schema = path.join(folders.repository, 'fixtures', 'schema', path.basename(summarySchema));
  await writeWhole(path.join(folders.out, summarySchema), await readFile(schema, 'utf8'));
  const shown = badge(badgeFacts(summary));
  await writeWhole(path.join(folders.out, 'badge.json'), `${JSON.stringify(shown, null, 2)}\n`);
  await writeWhole(path.join(folders.out, 'badge.svg'), renderBadge(shown, summary.engine.version));
  const { github } = terminal;
  if (github === undefined) return;
  const placeOf = places(files);
  await appendStepSummary(github, renderStepSummary({ summary, results, ledger, placeOf }));
  const found = annotations({ results, placeOf, ledger: { entries: ledger, problems: summary.ledger.problems } });
  for (const { message, ...properties } of shownAnnotations(found)) terminal.command('error', properties, message);
}

const badgeFacts = ({ scope, verdicts, ledger, problems }: Summary) => ({
  whole: scope.whole,
  verdicts,
  ledgerProblems: ledger.problems.length,
  otherProblems: problems.length,
});

/** The file and line that a failing cell is about. */
function places({ scenarios, folders, goldens, observations }: ReportFiles) {
  const byId = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
  return (result: CellResult): { file: string; line: number } => {
    const scenario = byId.get(result.scenario);
    if (scenario === undefined) return { file: `fixtures/scenarios/${result.scenario}.yaml`, line: 1 };
    const file = path.relative(folders.repository, scenario.file).split(path.sep).join('/');
    const golden = goldens.get(expectationName(result));
    const observation = observations.get(cellPath(result));
    return { file, line: failingLine(scenario, { difference: result.unexplained[0], golden, observation }) };
  };
}
