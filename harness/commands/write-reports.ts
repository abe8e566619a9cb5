import path from 'node:path';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { renderJunit } from '../report/junit.ts';
import { type ReportFiles, writeHtmlReport } from './write-html-report.ts';

/** Writes `summary.json`, `report.html` and `junit.xml` to the output folder. Each is whole or as it was. */
export async function writeReports(files: ReportFiles): Promise<void> {
  const { summary, results, scenarios, folders, json } = files;
  const text = `${JSON.stringify(summary, null, 2)}\n`;
  await writeWhole(path.join(folders.out, 'summary.json'), text);
  await json?.write(summary);
  const places = new Map(scenarios.map(({ id, file }) => [id, path.relative(folders.repository, file)]));
  await writeWhole(
    path.join(folders.out, 'junit.xml'),
    renderJunit(results, { durationMs: summary.durationMs, files: places }),
  );
  await writeHtmlReport(files);
}
