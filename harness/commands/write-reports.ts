import path from 'node:path';
import { writeWhole } from '../../testing/files/write-whole.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import { buildReportModel } from '../report/build-model.ts';
import { renderHtml } from '../report/html/render-html.ts';
import { renderJunit } from '../report/junit.ts';
import type { Summary } from '../report/summary.ts';
import type { Session } from '../run/session.ts';
import type { CellResult } from '../run/types.ts';
import type { LoadedScenario } from '../scenario/types.ts';

export interface ReportFiles {
  summary: Summary;
  results: readonly CellResult[];
  scenarios: readonly LoadedScenario[];
  session: Session;
  /** A further place for the summary. */
  json?: string | undefined;
}

/** Writes `summary.json`, `report.html` and `junit.xml` to the output folder. Each is whole or as it was. */
export async function writeReports({ summary, results, scenarios, session, json }: ReportFiles): Promise<void> {
  const { folders } = session.options;
  const text = `${JSON.stringify(summary, null, 2)}\n`;
  await writeWhole(path.join(folders.out, 'summary.json'), text);
  if (json !== undefined) await writeWhole(path.resolve(json), text);
  const files = new Map(scenarios.map(({ id, file }) => [id, path.relative(folders.repository, file)]));
  await writeWhole(
    path.join(folders.out, 'junit.xml'),
    renderJunit(results, { durationMs: summary.durationMs, files }),
  );
  const goldens = new Map<string, NormalisedObservation>();
  for (const { id } of scenarios) {
    const golden = await session.golden(id).catch(() => undefined);
    if (golden !== undefined) goldens.set(id, golden);
  }
  const model = buildReportModel({
    summary,
    results,
    ledger: session.ledger,
    goldens,
    observations: session.normalised,
  });
  await writeWhole(path.join(folders.out, 'report.html'), renderHtml(model));
}
