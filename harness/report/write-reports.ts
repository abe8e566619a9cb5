import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { cellPath, expectationName } from '../cell/cell-path.ts';
import { type CellResult, failingVerdicts } from '../cell/types.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import { behavioursFile, parseBehaviours, proofText } from '../proofs/behaviours/read-behaviours.ts';
import type { Folders } from '../run/folders.ts';
import { scenarioOn } from '../scenario/index.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { readHistory } from '../summary/history-entry.ts';
import { type Summary, summarySchema } from '../summary/summary.ts';
import type { LedgerEntry } from '../verdict/ledger.ts';
import { buildReportModel } from './build-model.ts';
import { annotations, type ShownAnnotation, shownAnnotations } from './ci/annotations.ts';
import { badge, renderBadge } from './ci/badge.ts';
import { failingLine } from './ci/failing-line.ts';
import { appendStepSummary, type GithubRun } from './ci/github-run.ts';
import { renderStepSummary } from './ci/step-summary.ts';
import { embedRaws } from './embed-raws.ts';
import { keptApp } from './html/bundle-app.ts';
import { renderHtml } from './html/render-html.ts';
import { renderJunit } from './junit.ts';
import type { ReportBehaviour, ReportCell, ReportScenario } from './model.ts';

/** A run that is finished, with all that its reports show. */
export interface ReportFiles {
  summary: Summary;
  results: readonly CellResult[];
  scenarios: readonly LoadedScenario[];
  folders: Folders;
  ledger: readonly LedgerEntry[];
  /** What cells were compared with, by `expectationName`. */
  goldens: ReadonlyMap<string, NormalisedObservation>;
  /** By `cellPath`. */
  observations: ReadonlyMap<string, NormalisedObservation>;
}

/**
 * Writes to the output folder `summary.json` with its schema, `report.html`, `junit.xml` and the badge: each is whole or as it was. In a workflow of GitHub
 * the summary of the step gets its part.
 * @param github the workflow that this is a step of; undefined elsewhere
 * @returns what the workflow shows where a scenario failed; empty elsewhere
 */
export async function writeReports(files: ReportFiles, github: GithubRun | undefined): Promise<ShownAnnotation[]> {
  const { summary, results, scenarios, folders, ledger } = files;
  const write = (name: string, text: string) => writeWhole(path.join(folders.out, name), text);
  await write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  const places = new Map(scenarios.map(({ id, file }) => [id, path.relative(folders.repository, file)]));
  await write('junit.xml', renderJunit(results, { summary, files: places }));
  await writeHtmlReport(files);
  const schema = path.join(folders.repository, 'fixtures', 'schema', path.basename(summarySchema));
  await write(summarySchema, await readFile(schema, 'utf8'));
  const shown = badge(badgeFacts(summary));
  await write('badge.json', `${JSON.stringify(shown, null, 2)}\n`);
  await write('badge.svg', renderBadge(shown, summary.engine.version));
  if (github === undefined) return [];
  const placeOf = placesOf(files);
  await appendStepSummary(github, renderStepSummary({ summary, results, ledger, placeOf }));
  const problems = { entries: ledger, problems: summary.ledger.problems };
  return shownAnnotations(annotations({ results, placeOf, ledger: problems }));
}

/** Writes `report.html` to the output folder: whole, or it is as it was. */
async function writeHtmlReport(files: ReportFiles): Promise<void> {
  const { summary, results, folders, ledger, goldens, observations } = files;
  const fileOf = ({ raw }: { raw?: string }) => (raw === undefined ? undefined : path.join(folders.out, raw));
  const { raws, places } = await embedRaws(results, observations, fileOf);
  const byId = new Map(files.scenarios.map((scenario) => [scenario.id, scenario]));
  const evidence = new Map<string, Pick<ReportCell, 'raw' | 'embedded' | 'failedAt'>>();
  for (const result of results) {
    const name = cellPath(result);
    const embedded = places.get(name);
    const scenario = failingVerdicts.has(result.verdict) ? byId.get(result.scenario) : undefined;
    const golden = goldens.get(expectationName(result));
    const seen = { difference: result.unexplained[0], golden, observation: observations.get(name) };
    evidence.set(name, {
      ...(result.raw !== undefined && { raw: result.raw }),
      ...(embedded !== undefined && { embedded }),
      ...(scenario !== undefined && {
        failedAt: failingLine(scenarioOn(scenario, result.engineVersion ?? summary.engine.version), seen),
      }),
    });
  }
  const scenarios = files.scenarios.map(({ id, title, family, file, script }): ReportScenario => {
    const relative = path.relative(folders.repository, file).split(path.sep).join('/');
    return { id, title, family, scripted: script !== undefined, file: relative };
  });
  const model = buildReportModel({
    summary,
    results,
    ledger,
    goldens,
    observations,
    scenarios,
    sources: await readSources(scenarios, folders.repository),
    evidence,
    behaviours: await reportBehaviours(folders.repository),
    history: await readHistory(folders.repository),
  });
  await writeWhole(path.join(folders.out, 'report.html'), renderHtml(model, { raws, app: await keptApp() }));
}

/** The committed list of behaviours; empty in a folder that has none. */
async function reportBehaviours(repository: string): Promise<ReportBehaviour[]> {
  const file = path.join(repository, behavioursFile);
  if (!existsSync(file)) return [];
  const { behaviours } = parseBehaviours(await readFile(file, 'utf8'), behavioursFile);
  return behaviours.map(({ id, title, proof }) => ({ id, title, proof: proof.map(proofText) }));
}

/** The text of each scenario file; a matrix's file is that of many scenarios. */
async function readSources(scenarios: readonly ReportScenario[], repository: string): Promise<Record<string, string>> {
  const files = [...new Set(scenarios.map(({ file }) => file))];
  const texts = await Promise.all(files.map((file) => readFile(path.join(repository, file), 'utf8')));
  return Object.fromEntries(files.map((file, index) => [file, texts[index] ?? '']));
}

const badgeFacts = ({ scope, totals, verdicts, ledger, problems }: Summary) => ({
  whole: scope.whole,
  totals,
  verdicts,
  ledgerProblems: ledger.problems.length,
  otherProblems: problems.length,
});

/** The file and line that a failing cell is about. */
function placesOf({ summary, scenarios, folders, goldens, observations }: ReportFiles) {
  const byId = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
  return (result: CellResult): { file: string; line: number } => {
    const scenario = byId.get(result.scenario);
    if (scenario === undefined) return { file: `fixtures/scenarios/${result.scenario}.yaml`, line: 1 };
    const file = path.relative(folders.repository, scenario.file).split(path.sep).join('/');
    const golden = goldens.get(expectationName(result));
    const observation = observations.get(cellPath(result));
    const standing = scenarioOn(scenario, result.engineVersion ?? summary.engine.version);
    return { file, line: failingLine(standing, { difference: result.unexplained[0], golden, observation }) };
  };
}
