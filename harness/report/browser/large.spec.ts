import type { Page } from '@playwright/test';
import { event, SampleRun } from '../test-fixtures/sample-run.ts';
import { expect, test } from './open-report.ts';

/** Rows that are in the page at most, however many there are. */
const most = 120;
const rowsOf = (page: Page, table: string) => page.getByRole('table', { name: table }).getByRole('row');

test('of 5,000 cells, the page has those in sight', async ({ report }) => {
  const run = new SampleRun();
  for (let index = 0; index < 1250; index += 1) {
    const scenario = `folder${index % 20}/scenario-${index}`;
    run.golden(scenario, [event('a', {})]);
    for (const client of ['python', 'ts'] as const)
      for (const engine of ['real', 'fake'] as const) run.cell({ scenario, client, engine }, [event('a', {})]);
  }
  const page = await report.open(run);
  await expect(page.getByText('5,000 of 5,000 cells')).toBeVisible();
  const rows = rowsOf(page, 'Verdicts, App-server');
  await expect(rows).toHaveCount(22);
  await page.getByRole('button', { name: 'Unfold all' }).click();
  expect(await rows.count()).toBeLessThan(most);
  await expect(page.getByRole('table', { name: 'Verdicts, App-server' })).toHaveAttribute('aria-rowcount', '1272');
  const last = rows.filter({ hasText: 'scenario-1239' });
  await expect(last).toHaveCount(0);
  await page.getByRole('region', { name: 'Verdicts, App-server' }).press('End');
  await expect(last).toBeVisible();
  await expect(last).toHaveAttribute('aria-rowindex', '1272');
  expect(await rows.count()).toBeLessThan(most);
});

test('of a transcript of 100,000 events, too; the difference at its end is in sight', async ({ report }) => {
  const run = new SampleRun();
  const events = Array.from({ length: 100_000 }, (_, index) => event('delta', { index }));
  run.golden('turns/flood', events);
  const changed = [...events.slice(0, -2), event('delta', { index: -1 }), ...events.slice(-1)];
  run.cell({ scenario: 'turns/flood', client: 'ts', engine: 'real' }, changed);
  const page = await report.open(run, '#/cell/turns/flood/ts/real');
  const rows = rowsOf(page, 'Lines, golden beside client');
  const marked = page.locator('[role=row][aria-current]');
  await expect(marked).toContainText('99999 event delta /payload/index 99998');
  await page.getByRole('button', { name: 'Show 99994 equal lines' }).click();
  await expect(page.getByRole('table', { name: 'Lines, golden beside client' })).toHaveAttribute(
    'aria-rowcount',
    '100002',
  );
  await expect(marked).toBeVisible();
  expect(await rows.count()).toBeLessThan(most);
  await page.keyboard.press('k');
  await expect(marked).toContainText('99998 event delta {"index":99997}');
});
