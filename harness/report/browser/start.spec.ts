import { expect, test } from './open-report.ts';
import { sample } from './sample.ts';

test('the start page says what is proven, what fails and what was compared', async ({ report }) => {
  const page = await report.open(sample());
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Parity report');
  await expect(page.getByText('Not at parity')).toBeVisible();
  await expect(page.locator('.headline')).toContainText('3 passed, 1 failed');
  await expect(page.getByText('1.2.3 (sha256 abababababab…)')).toBeVisible();
  const fails = page.getByRole('region', { name: 'What fails' }).getByRole('row', { name: 'turns/steer' });
  await expect(fails).toContainText(
    'event:turn/startedmissing, lane user/events (SDK difference)line 1 of the laneno such line',
  );
  await expect(fails.getByRole('link')).toHaveAttribute('href', '#/cell/turns/steer/ts/fake');
});

test('what another engine shows differently is told once, and leads to a cell that shows it', async ({ report }) => {
  const run = sample();
  const on = { client: 'python', engine: 'real', engineVersion: '2.0.0', verdict: 'baseline' } as const;
  const came = { kind: 'changed', lane: 'l', ch: 'event', key: 'k', path: 'event:k/items/0/at', actual: null } as const;
  for (const scenario of ['turns/steer', 'threads/start']) run.unjudged({ ...on, scenario, drift: [came] });
  const page = await report.open(run);
  const drift = page.getByRole('region', { name: 'Engine drift' });
  await expect(drift).toContainText('2 of 2 references differ from their goldens, by 1 changes.');
  await expect(drift.getByRole('cell')).toHaveText(['2', 'event:k/items/*/at', 'nothing → null', 'turns/steer']);
  await expect(drift.getByRole('link')).toHaveAttribute('href', '#/cell/turns/steer/python/real-2.0.0');
  await expect((await report.open(sample())).getByRole('region', { name: 'Engine drift' })).toHaveCount(0);
});

test('the matrix has a row for each scenario and a column for each client on each engine', async ({ report }) => {
  const page = await report.open(sample());
  const matrix = page.getByRole('table', { name: 'Verdict of each scenario' });
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

test('the ledger gives reason and evidence of each entry, and the cells that need it', async ({ report }) => {
  const page = await report.open(sample());
  const entry = page.getByRole('table', { name: 'Known differences' }).getByRole('row', { name: 'client-name' });
  await expect(entry).toContainText('Each client gives its own name.');
  await entry.getByText('1', { exact: true }).click();
  await entry.getByRole('link', { name: 'threads/start ts real' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('threads/start');
});

test('coverage, platforms and the slowest cells stand below', async ({ report }) => {
  const page = await report.open(sample());
  await expect(page.getByRole('row', { name: 'notifications' })).toContainText(
    '61 of 85, 60 on the real engine, 1 excluded',
  );
  await expect(page.getByRole('row', { name: 'win32' })).toContainText('not run');
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
  const fails = page.getByRole('region', { name: 'What fails' }).getByRole('row', { name: 'no engine' });
  await expect(fails).toContainText('ts on real (darwin)');
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
});
