import { expect, test } from './open-report.ts';
import { sample } from './sample.ts';

test('search and choices narrow the matrix, and survive a visit to a cell', async ({ report }) => {
  const page = await report.open(sample());
  const matrix = page.getByRole('table', { name: 'Verdicts, App-server' });
  const rows = matrix.getByRole('row').filter({ has: page.getByRole('link') });
  const count = page.getByRole('search').getByRole('status');
  await expect(count).toHaveText('5 of 5 cells');
  await page.getByRole('combobox', { name: 'Verdict' }).selectOption('mismatch');
  await expect(count).toHaveText('1 of 5 cells');
  await expect(rows).toHaveCount(1);
  await page.getByRole('combobox', { name: 'Verdict' }).selectOption('all');
  await page.getByRole('searchbox').fill('threads ts');
  await expect(count).toHaveText('1 of 5 cells');
  await rows.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.goBack();
  await expect(page.getByRole('searchbox')).toHaveValue('threads ts');
  await expect(rows).toHaveCount(1);
  await page.getByRole('searchbox').fill('nothing like it');
  await expect(page.getByText('No cell fits the filter.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(count).toHaveText('5 of 5 cells');
});

test('a title is searched too', async ({ report }) => {
  const page = await report.open(sample(), '#/?q=reaches');
  await expect(page.getByRole('search').getByRole('status')).toHaveText('3 of 5 cells');
});

test('a link carries the filter; columns that no cell fits are left out', async ({ report }) => {
  const page = await report.open(sample(), '#/?folder=turns&client=ts&engine=fake&engine=real');
  const matrix = page.getByRole('table', { name: 'Verdicts, App-server' });
  await expect(matrix.getByRole('columnheader')).toHaveText(['Scenario', 'ts', 'Engine', 'real', 'fake']);
  await expect(page.getByRole('combobox', { name: 'Engine' })).toHaveValue('fake\nreal');
  await page.getByRole('combobox', { name: 'Engine' }).selectOption('real');
  await expect(matrix.getByRole('columnheader')).toHaveText(['Scenario', 'ts', 'Engine', 'real']);
  expect(page.url()).toContain('#/?folder=turns&client=ts&engine=real');
});

test('the count of a verdict leads to its cells', async ({ report }) => {
  const page = await report.open(sample());
  await page.getByRole('list', { name: 'Cells by verdict' }).getByRole('link', { name: 'known difference' }).click();
  await expect(page.getByRole('search').getByRole('status')).toHaveText('1 of 5 cells');
});
