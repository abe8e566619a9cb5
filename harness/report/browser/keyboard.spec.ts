import { expect, test } from './open-report.ts';
import { sample } from './sample.ts';

test('the matrix is walked, a cell opened and left, and the walk goes on', async ({ report }) => {
  const page = await report.open(sample());
  const focused = page.locator('a:focus');
  await page.keyboard.press('j');
  await expect(focused).toHaveText(/match python on real/);
  await page.keyboard.press('l');
  await page.keyboard.press('l');
  await expect(focused).toHaveText(/mismatch ts on fake/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('turns/steer');
  await page.keyboard.press('Escape');
  await expect(focused).toHaveText(/mismatch ts on fake/);
  await page.keyboard.press('j');
  await expect(focused).toHaveText(/known ts on real/);
  await page.keyboard.press('k');
  await expect(focused).toHaveText(/match ts on real/);
});

test('the slash leads to the search, which takes letters as letters', async ({ report }) => {
  const page = await report.open(sample());
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('jk?');
  await expect(page.getByRole('searchbox')).toHaveValue('jk?');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('searchbox')).not.toBeFocused();
});

test('in a cell, keys lead from line to line, from difference to difference, and through the levels', async ({
  report,
}) => {
  const page = await report.open(sample(), '#/cell/turns/steer/ts/fake');
  const marked = page.locator('[role=row][aria-current]');
  await expect(marked).toContainText('missing');
  await page.keyboard.press('n');
  await expect(marked).toContainText('changed');
  await page.keyboard.press('n');
  await expect(marked).toContainText('extra');
  await page.keyboard.press('p');
  await expect(marked).toContainText('changed');
  await page.keyboard.press('k');
  await expect(marked).toContainText('part 9');
  await page.keyboard.press('k');
  await expect(marked).toContainText('part 8');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Show 6 equal lines' })).toHaveCount(0);
  await page.keyboard.press('k');
  await expect(marked).toContainText('part 7');
  await page.keyboard.press('w');
  await expect(page.getByRole('radio', { name: 'Wire' })).toBeChecked();
});

test('the question mark lists the keys', async ({ report }) => {
  const page = await report.open(sample());
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('opens the cell');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});
