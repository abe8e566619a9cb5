import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { test as base, expect, type Page } from '@playwright/test';
import { buildReportModel } from '../build-model.ts';
import { pack } from '../html/pack.ts';
import { renderHtml } from '../html/render-html.ts';
import type { SampleRun } from '../test-fixtures/sample-run.ts';

export const renderReport = (run: SampleRun): string =>
  renderHtml(buildReportModel(run.input()), { raws: run.raws.map(pack) });

interface Report {
  /** Opens the run's report as a file, at a place in it. */
  open(run: SampleRun, place?: string): Promise<Page>;
}

/** Every test of a report fails if the page requests anything but its own file, throws an error, or opens a dialog. */
export const test = base.extend<{ report: Report }>({
  report: async ({ page, context }, use, testInfo) => {
    const wrong: string[] = [];
    const files = new Set<string>();
    context.on(
      'request',
      (request) => files.has(request.url().split('#')[0] ?? '') || wrong.push(`request: ${request.url()}`),
    );
    page.on('console', (message) => message.type() !== 'log' && wrong.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
    page.on('dialog', async (dialog) => {
      wrong.push(`dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    await use({
      async open(run, place = '') {
        const file = testInfo.outputPath('report.html');
        writeFileSync(file, renderReport(run));
        const url = pathToFileURL(file).href;
        files.add(url);
        await page.goto(url + place);
        // Unpacking the data is not part of loading the page.
        await page.getByRole('heading', { level: 1 }).waitFor();
        return page;
      },
    });
    expect(wrong).toEqual([]);
  },
});

export { expect };
