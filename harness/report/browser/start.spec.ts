import type { Page } from '@playwright/test';
import { event, SampleRun } from '../test-fixtures/sample-run.ts';
import { expect, test } from './open-report.ts';
import { sample } from './sample.ts';

const score = (page: Page, name: string) => page.getByRole('region', { name });

test('the start page says what is compared, the score of each client of ours, and what was run', async ({ report }) => {
  const page = await report.open(sample());
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Parity report');
  await expect(page.locator('.pill')).toHaveText(/Not at parity: 1 failure$/);
  await expect(page.locator('.lead')).toContainText('compares everything that happens');
  const ours = score(page, 'Score of ts');
  await expect(ours).toContainText('1 of 3 equal33.3 %');
  await expect(ours).toContainText('1 known difference');
  await expect(ours).toContainText('1 fail');
  await expect(ours).toContainText('2 of the 3 on the real engine');
  await expect(score(page, 'The recordings')).toContainText('1 of 1 equal');
  await ours.getByRole('link', { name: '2', exact: true }).click();
  await expect(page.getByRole('search').getByRole('status')).toHaveText('2 of 5 cells');
  await page.getByRole('heading', { name: 'Run', exact: true }).click();
  await expect(page.getByText('1.2.3 (sha256 abababababab…)')).toBeVisible();
});

test('failures stand together by their first difference, with the words that differ', async ({ report }) => {
  const run = sample();
  const say = (text: string) => [event('item/completed', { items: [{ text }] })];
  const twice = (text: string) => [event('item/completed', { items: [{ text: 'one two' }, { text }] })];
  for (const [scenario, lines] of [
    ['a/once', say],
    ['a/twice', twice],
  ] as const) {
    run.golden(scenario, lines('one two'));
    for (const engine of ['real', 'fake'] as const) run.cell({ scenario, client: 'ts', engine }, lines('one three'));
  }
  const page = await report.open(run);
  const fails = page.getByRole('region', { name: 'What fails' });
  await expect(fails).toContainText('5 cells in 2 ways');
  const ways = fails.getByRole('list').first().locator('> li');
  await expect(ways).toHaveCount(2);
  await expect(ways.first()).toContainText('×4event:item/completed/payload/items/0/text differs');
  await expect(ways.first().locator('mark')).toHaveText(['two', 'three']);
  await expect(ways.last()).toContainText('event:turn/started is missing lane user/events (SDK difference)');
  await expect(ways.last().getByRole('link')).toHaveAttribute('href', '#/cell/turns/steer/ts/fake');
  await ways.first().getByText('All 4 cells: ts on real ×2, ts on fake ×2').click();
  await ways.first().getByRole('link', { name: 'a/twice ts fake' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('a/twice');
});

test('what another engine shows differently is told once, and leads to a cell that shows it', async ({ report }) => {
  const run = sample();
  const on = { client: 'python', engine: 'real', engineVersion: '2.0.0', verdict: 'baseline' } as const;
  const came = { kind: 'changed', lane: 'l', ch: 'event', key: 'k', path: 'event:k/items/0/at', actual: null } as const;
  for (const scenario of ['turns/steer', 'threads/start']) run.unjudged({ ...on, scenario, drift: [came] });
  const page = await report.open(run);
  const drift = page.getByRole('region', { name: 'Engine drift', exact: true });
  await expect(drift).toContainText('2 of 2 references differ from their goldens, by 1 changes.');
  await drift.getByText('Engine 2.0.0').click();
  await expect(drift.getByRole('cell')).toHaveText(['2', 'event:k/items/*/at', 'nothing → null', 'turns/steer']);
  await expect(drift.getByRole('link')).toHaveAttribute('href', '#/cell/turns/steer/python/real-2.0.0');
  await expect((await report.open(sample())).getByRole('region', { name: 'Engine drift' })).toHaveCount(0);
});

test('the matrix has a row for each scenario and a column for each client on each engine', async ({ report }) => {
  const page = await report.open(sample());
  const matrix = page.getByRole('table', { name: 'Verdicts, App-server' });
  await expect(matrix.getByRole('columnheader')).toHaveText([
    'Scenario',
    'python',
    'ts',
    'Engine',
    'real',
    'real',
    'fake',
  ]);
  await expect(matrix.getByRole('row', { name: 'steer' }).getByRole('cell')).toHaveText([
    '✓match python on real',
    '✓match ts on real',
    '✗mismatch ts on fake',
  ]);
});

test('each family has its own table; clients and engines stand in one order; a folder folds', async ({ report }) => {
  const run = new SampleRun();
  const lines = [event('a', {})];
  run.scenario('exec/one', 'One', 'id: exec/one', { family: 'exec' });
  run.scenario('turns/one', 'One', 'id: turns/one');
  for (const scenario of ['turns/one', 'exec/one']) {
    run.golden(scenario, lines);
    const clients = scenario === 'exec/one' ? (['ts-exec', 'ts-official'] as const) : (['ts', 'python'] as const);
    for (const engine of ['fake', 'real'] as const)
      for (const client of clients) run.cell({ scenario, client, engine }, lines);
    run.cell({ scenario, client: clients[0], engine: 'real', engineVersion: '0.169.0' }, lines);
  }
  for (const client of ['ts-exec', 'python-exec'] as const)
    run.unjudged({
      scenario: 'turns/one',
      client,
      engine: 'real',
      verdict: 'not-applicable',
      reason: 'another family',
    });
  const page = await report.open(run);
  const heads = (name: string) => page.getByRole('table', { name }).getByRole('columnheader').allTextContents();
  expect(await heads('Verdicts, App-server')).toEqual([
    'Scenario',
    'python',
    'ts',
    'Engine',
    'real',
    'fake',
    'real',
    'real-0.169.0',
    'fake',
  ]);
  expect(await heads('Verdicts, codex exec')).toEqual([
    'Scenario',
    'ts-official',
    'ts-exec',
    'Engine',
    'real',
    'fake',
    'real',
    'real-0.169.0',
    'fake',
  ]);
  await expect(page.getByRole('search').getByRole('status')).toHaveText('10 of 10 cells');
  const exec = page.getByRole('table', { name: 'Verdicts, codex exec' });
  await exec.getByRole('button', { name: 'exec', expanded: true }).click();
  await expect(exec.getByRole('row', { name: 'exec' }).last().getByRole('cell')).toHaveText([
    '✓match 1',
    '✓match 1',
    '✓match 1',
    '✓match 1',
    '✓match 1',
  ]);
  await expect(exec.getByRole('link')).toHaveCount(0);
});

test('the ledger gives the reason of each entry, and leads to its behaviour and its evidence', async ({ report }) => {
  const page = await report.open(sample());
  const entry = page.getByRole('list', { name: 'Known differences, idiom' }).getByRole('listitem');
  await expect(entry).toContainText('Each client gives its own name.');
  await entry.getByRole('link', { name: 'A-9' }).hover();
  await expect(page.getByRole('tooltip')).toHaveText('The first line names the client');
  await entry.getByRole('link', { name: 'client-name' }).click();
  await expect(page.getByRole('region', { name: 'Evidence' })).toContainText('the first message of threads/start');
  await page.getByRole('link', { name: 'A-9' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Behaviour A-9');
  await expect(page.getByRole('region', { name: 'Known differences about it' })).toContainText('client-name');
  await page.getByRole('region', { name: 'Proven by' }).getByRole('link', { name: 'threads/start' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('threads/start');
});

test('each word says what it means, over it and on its page', async ({ report }) => {
  const page = await report.open(sample());
  await page.locator('.lead').getByRole('link', { name: 'known difference' }).hover();
  await expect(page.getByRole('tooltip')).toContainText('exactly as an entry of the ledger says');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tooltip')).toHaveCount(0);
  await page.locator('.lead').getByRole('link', { name: 'known difference' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Words');
  await expect(page.locator('.chosen')).toContainText('known difference');
  await expect(page.locator('.chosen')).toBeInViewport();
  await page.getByRole('button', { name: 'Matrix' }).click();
  await expect(page.getByRole('heading', { name: 'Matrix' })).toBeInViewport();
});

test('a section stays folded while another page is read', async ({ report }) => {
  const page = await report.open(sample());
  const coverage = page.getByRole('region', { name: 'Coverage' });
  await expect(coverage.getByRole('table')).toBeVisible();
  await coverage.getByRole('heading').click();
  await expect(coverage.getByRole('table')).toHaveCount(0);
  await page.getByRole('link', { name: 'Words' }).click();
  await page.getByRole('link', { name: '← The report' }).click();
  await expect(coverage.getByRole('heading')).toBeVisible();
  await expect(coverage.getByRole('table')).toHaveCount(0);
});

test('coverage, platforms and the slowest cells stand below', async ({ report }) => {
  const page = await report.open(sample());
  await expect(page.getByRole('row', { name: 'notifications' })).toContainText('61 of 85601');
  await page.getByRole('heading', { name: 'Platforms' }).click();
  await expect(page.getByRole('row', { name: 'win32' })).toContainText('not run');
  await page.getByRole('heading', { name: 'Slowest cells' }).click();
  const slowest = page.getByRole('region', { name: 'Slowest cells' }).getByRole('row').nth(1);
  await expect(slowest).toHaveText('turns/steer ts fake900');
});

test('a report of several platforms says which one fails', async ({ report }) => {
  const run = sample();
  run.unjudged({
    ...{ scenario: 'turns/steer', client: 'ts', engine: 'real', platform: 'darwin', durationMs: 9000 },
    ...{ verdict: 'could-not-run', reason: 'no engine' },
  });
  const page = await report.open(run);
  const fails = page.getByRole('region', { name: 'What fails' }).getByRole('listitem').filter({ hasText: 'no engine' });
  await expect(fails).toContainText('ts on real (darwin)');
  await page.getByRole('heading', { name: 'Slowest cells' }).click();
  await expect(page.getByRole('region', { name: 'Slowest cells' }).getByRole('row').nth(1)).toHaveText(
    'turns/steer ts real (darwin)9000',
  );
  await fails.getByRole('link').click();
  await expect(page.getByText('ts on the real engine (darwin), 9000 ms')).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Cells of this scenario' })).toContainText('ts real (darwin)');
});

test('the trend shows past summaries, the newest first, and says so when there is none', async ({ report }) => {
  const run = sample();
  const page = await report.open(run);
  await expect(page.getByText('No past summary is committed')).toBeVisible();
  run.past('2026-01-02T00:00:00.000Z', 0.5);
  run.past('2026-02-03T00:00:00.000Z', 0.756);
  await report.open(run);
  await expect(page.getByRole('region', { name: 'Past summaries' }).getByRole('row')).toContainText([
    'Run',
    /^2026-02-03.*75\.6 %/,
    /^2026-01-02.*50 %/,
  ]);
  const chart = page.getByRole('img', { name: 'Shares of each past run' });
  await expect(chart.locator('text')).toHaveText([
    '100 %',
    '90 %',
    '80 %',
    '70 %',
    '60 %',
    '50 %',
    '2026-01-02',
    '2026-02-03',
  ]);
  await chart.locator('circle').last().hover();
  await expect(page.getByRole('tooltip')).toContainText('75.6 %');
});
