import type { Page } from '@playwright/test';
import { expect, test } from './open-report.ts';
import { sample } from './sample.ts';

const lines = (page: Page) => page.getByRole('table', { name: 'Lines, golden beside client' });
const detail = (page: Page) => page.getByRole('complementary', { name: 'Line' });

test('the link of a failing cell opens at its first difference, marked', async ({ report }) => {
  const page = await report.open(sample(), '#/cell/turns/steer/ts/fake');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('turns/steer');
  const marked = lines(page).locator('[aria-current]');
  await expect(page.getByRole('region', { name: 'First difference' })).toBeInViewport();
  await expect(marked).toHaveText(/− missing.*turn\/started.*no such line/);
  await expect(detail(page)).toContainText('missing turn/started');
  await expect(page.getByText('fixtures/scenarios/turns/steer.yaml:3')).toBeVisible();
  await expect(page.locator('.source mark')).toContainText('call: t.turn');
});

test('missing, changed and extra lines stand beside the golden, equal ones are folded', async ({ report }) => {
  const page = await report.open(sample(), '#/cell/turns/steer/ts/fake');
  await expect(lines(page).getByRole('row', { name: 'extra' })).toContainText('turn/odd');
  const changed = lines(page).getByRole('row', { name: 'changed' });
  await expect(changed.getByRole('cell')).toHaveText([
    /\/payload\/item\/text "say hello"/,
    /\/payload\/item\/text "say hullo"/,
  ]);
  await expect(changed.locator('mark')).toHaveText(['hello', 'hullo']);
  const before = await lines(page).getByRole('row').count();
  await lines(page).getByRole('button', { name: 'Show 6 equal lines' }).click();
  await expect(lines(page).getByRole('row')).toHaveCount(before + 5);
  await changed.getByRole('button').click();
  await expect(detail(page)).toContainText(/agentMessagesay hullo.*"text": "say hullo"/s);
  await expect(detail(page).locator('mark')).toHaveText(['hello', 'hullo']);
  await detail(page).getByText('Raw line of the client').click();
  await expect(detail(page)).toContainText('{"raw":13}');
});

test('a level shows its lanes alone', async ({ report }) => {
  const page = await report.open(sample(), '#/cell/turns/steer/ts/fake');
  const titles = lines(page).getByRole('rowheader', { name: /^Lane / });
  await expect(titles).toHaveText([/^Lane user\/events/, /^Lane out/, /^Lane in/]);
  await page.getByRole('radio', { name: 'Wire' }).check();
  await expect(titles).toHaveText([/^Lane out/, /^Lane in/]);
  await page.getByRole('radio', { name: 'User' }).check();
  await expect(titles).toHaveText([/^Lane user\/events/]);
  expect(page.url()).toContain('level=user');
});

test('a line leads to what caused it and to what it caused', async ({ report }) => {
  const page = await report.open(sample(), '#/cell/turns/steer/ts/real?lane=user/events&client=1');
  const links = detail(page).getByRole('list', { name: 'Linked lines' });
  await expect(links).toHaveText('said on the wire as turn/started, lane in/<thread-1>, line 2');
  await links.getByRole('link').click();
  await expect(links).toHaveText('shown to the user as turn/started, lane user/events, line 1');
  await lines(page).getByRole('row', { name: 'thread/start' }).first().getByRole('button').click();
  await expect(links).toHaveText('answered by answer thread/start, lane in/<thread-1>, line 1');
  await links.getByRole('link').click();
  await expect(links).toHaveText('answers thread/start, lane out/<thread-1>, line 1');
});

test('a link into folded lines unfolds them', async ({ report }) => {
  const page = await report.open(sample(), '#/cell/turns/steer/ts/real?lane=user/events&client=7');
  await expect(lines(page).locator('[aria-current]')).toContainText('part 5');
});

test('the command that runs the cell again is there to copy, the rules that fired have their counts', async ({
  report,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await report.open(sample(), '#/cell/turns/steer/ts/fake');
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByText('Copied', { exact: true })).toBeVisible();
  const copied = await page.evaluate('navigator.clipboard.readText()');
  expect(copied).toContain('turns/steer');
  expect(copied).toBe(await page.locator('.command code').textContent());
  await page.getByRole('heading', { name: 'Normalising rules that fired' }).click();
  await expect(page.getByRole('row', { name: 'time 3' })).toBeVisible();
});

test('the whole raw observation is in the report', async ({ report }) => {
  const page = await report.open(sample(), '#/cell/turns/steer/ts/fake');
  await page.getByText('All raw lines').click();
  await expect(page.getByRole('table', { name: 'Raw lines' }).getByRole('row')).toHaveCount(16);
  await expect(page.getByRole('link', { name: 'raw/turns/steer/ts.fake.jsonl' })).toBeVisible();
});

test('a known difference is shown with its reason and not as a fault', async ({ report }) => {
  const page = await report.open(sample(), '#/cell/threads/start/ts/real');
  await expect(page.getByRole('heading', { name: 'Known: client-name (idiom)' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Not explained' })).toHaveCount(0);
  await expect(lines(page).getByRole('row', { name: '≠ changed (known)' })).toBeVisible();
  await expect(detail(page)).toContainText('Each client gives its own name.');
});

test('the cause stands first, what follows from it below the lanes', async ({ report }) => {
  const page = await report.open(sample(), '#/cell/turns/steer/ts/fake');
  const cause = page.getByRole('region', { name: 'First difference' });
  await expect(cause).toContainText('event:turn/started is missing lane user/events (SDK difference)');
  await expect(cause).toContainText('2 more differences follow it, below.');
  const headings = await page.getByRole('heading', { level: 2 }).allTextContents();
  expect(headings.slice(0, 3)).toEqual(['First difference', 'Lanes', 'Other differences']);
  await page.getByRole('region', { name: 'Other differences' }).getByRole('link', { name: 'turn/odd' }).click();
  await expect(lines(page).locator('[aria-current]')).toContainText('turn/odd');
  await expect(lines(page).locator('[aria-current]')).toBeInViewport();
});

test('a cell that does not apply says why, and not as an error', async ({ report }) => {
  const page = await report.open(sample(), '#/cell/threads/cancel/python/real');
  await expect(page.getByText('Nothing ran here, and that is no error. The reason: needs cancel.')).toBeVisible();
  await expect(page.locator('.problem, .bad')).toHaveCount(0);
  await expect(page.getByRole('region', { name: /Lanes|Differences/ })).toHaveCount(0);
});

test('a cell that is not in the report is said to be unknown', async ({ report }) => {
  const page = await report.open(sample(), '#/cell/turns/<img src=x onerror=alert(1)>/ts/real');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('No such cell');
});
