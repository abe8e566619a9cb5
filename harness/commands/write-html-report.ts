import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { cellPath, expectationName } from '../cell/cell-path.ts';
import type { CellResult } from '../cell/types.ts';
import { failingVerdicts } from '../cell/verdict.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import { buildReportModel } from '../report/build-model.ts';
import { failingLine } from '../report/ci/failing-line.ts';
import { embedRaws } from '../report/embed-raws.ts';
import { renderHtml } from '../report/html/render-html.ts';
import type { ReportCell, ReportScenario } from '../report/model.ts';
import type { Folders } from '../run/folders.ts';
import type { LoadedScenario } from '../scenario/types.ts';
import { readHistory } from '../summary/read-history.ts';
import type { Summary } from '../summary/summary.ts';
import type { LedgerEntry } from '../verdict/ledger.ts';
import type { JsonFile } from './json-file.ts';

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
  /** A further place for the summary. */
  json?: JsonFile | undefined;
}

/** Writes `report.html` to the output folder: whole, or it is as it was. */
export async function writeHtmlReport(files: ReportFiles): Promise<void> {
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
      ...(scenario !== undefined && { failedAt: failingLine(scenario, seen) }),
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
    history: await readHistory(folders.repository),
  });
  await writeWhole(path.join(folders.out, 'report.html'), renderHtml(model, { raws }));
}

/** The text of each scenario file; a matrix's file is that of many scenarios. */
async function readSources(scenarios: readonly ReportScenario[], repository: string): Promise<Record<string, string>> {
  const files = [...new Set(scenarios.map(({ file }) => file))];
  const texts = await Promise.all(files.map((file) => readFile(path.join(repository, file), 'utf8')));
  return Object.fromEntries(files.map((file, index) => [file, texts[index] ?? '']));
}
