import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { expect, test } from './open-report.ts';
import { sample } from './sample.ts';

// The policy of the report forbids the checker as it does any other script.
test.use({ bypassCSP: true });

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as Violation[];
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('the start page', async ({ report }) => {
      const run = sample();
      run.past('2026-01-02T00:00:00.000Z', 0.5);
      const page = await report.open(run);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });

    test('a cell, its parts opened', async ({ report }) => {
      const page = await report.open(sample(), '#/cell/turns/steer/ts/fake');
      await page.getByText('All raw lines').click();
      await expect(page.getByRole('table', { name: 'Raw lines' })).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });

    test('the list of keys', async ({ report }) => {
      const page = await report.open(sample());
      await page.getByRole('button', { name: 'Keys' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  });
}
