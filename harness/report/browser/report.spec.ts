import { event, request, SampleRun } from '../test-fixtures/sample-run.ts';
import { expect, test } from './open-report.ts';

const opening = [request('thread/start', {}), event('turn/started', { turn: { id: '<turn-1>' } })];
const deltas = Array.from({ length: 10 }, (_, index) => event('item/agentMessage/delta', { delta: `part ${index}` }));
const closing = [
  event('item/completed', { item: { text: 'hello' } }),
  event('turn/completed', { status: 'completed' }),
];
const steer = [...opening, ...deltas, ...closing];

function sample(): SampleRun {
  const run = new SampleRun();
  run.ledger.push({
    id: 'client-name',
    scenario: 'threads/**',
    clients: ['ts'],
    path: 'wire.out:initialize/msg/params/name',
    kind: 'idiom',
    reason: 'Each client gives its own name.',
    evidence: 'threads/start',
    line: 1,
  });
  run.golden('turns/steer', steer);
  run.golden('threads/start', [request('initialize', { name: 'python' })]);
  for (const client of ['python', 'ts'] as const) run.cell({ scenario: 'turns/steer', client, engine: 'real' }, steer);
  const changed = event('item/completed', { item: { text: 'hullo' } });
  const broken = [...opening.slice(0, 1), ...deltas, changed, ...closing.slice(1), event('turn/odd', {})];
  run.cell({ scenario: 'turns/steer', client: 'ts', engine: 'fake', raw: 'raw/steer.jsonl' }, broken);
  run.cell({ scenario: 'threads/start', client: 'ts', engine: 'real' }, [
    request('initialize', { name: 'typescript' }),
  ]);
  run.unjudged({
    scenario: 'threads/cancel',
    client: 'python',
    engine: 'real',
    verdict: 'not-applicable',
    reason: 'needs cancel',
  });
  return run;
}

test('the start page gives the verdict, the versions, the matrix and the ledger', async ({ report }) => {
  const page = await report.open(sample());
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Parity report');
  await expect(page.getByText('Not at parity')).toContainText('Not at parity');
  await expect(page.getByText('3 passed, 1 failed')).toBeVisible();
  await expect(page.getByText('1.2.3 (sha256 abababababab…)')).toBeVisible();
  const matrix = page.getByRole('table', { name: 'Verdict of each scenario' });
  await expect(matrix.getByRole('columnheader')).toHaveText(['Scenario', 'python', 'ts', 'real', 'real', 'fake']);
  await expect(matrix.getByRole('row', { name: 'steer' }).getByRole('cell')).toHaveText([
    '✓match',
    '✓match',
    '✗mismatch',
  ]);
  const ledger = page.getByRole('table', { name: 'Known differences' });
  await expect(ledger.getByRole('row', { name: 'client-name' })).toContainText('Each client gives its own name.');
});

test('filter and search narrow the matrix, and survive a visit to a cell', async ({ report }) => {
  const page = await report.open(sample());
  const rows = page
    .getByRole('table', { name: 'Verdict of each scenario' })
    .getByRole('row')
    .filter({ has: page.getByRole('link') });
  await page.getByRole('checkbox', { name: 'mismatch' }).check();
  await expect(page.getByRole('status')).toHaveText('1 of 5 cells');
  await expect(rows).toHaveCount(1);
  await page.getByRole('checkbox', { name: 'mismatch' }).uncheck();
  await page.getByRole('searchbox').fill('threads ts');
  await expect(page.getByRole('status')).toHaveText('1 of 5 cells');
  await expect(rows).toHaveText([/start/]);
  await rows.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.getByRole('link', { name: 'All cells' }).click();
  await expect(page.getByRole('searchbox')).toHaveValue('threads ts');
  await expect(rows).toHaveCount(1);
  await page.getByRole('searchbox').fill('nothing like it');
  await expect(page.getByText('No cell fits the filter.')).toBeVisible();
});

test('a deep link opens a cell: missing, changed and extra lines beside the golden', async ({ report, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await report.open(sample(), '#/cell/turns/steer/ts/fake');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('turns/steer');
  const lane = page.getByRole('table', { name: 'Lane user/events' });
  await expect(lane.getByRole('row', { name: 'missing' })).toContainText('turn/started');
  await expect(lane.getByRole('row', { name: 'extra' })).toContainText('turn/odd');
  const changed = lane.getByRole('row', { name: 'changed' });
  await expect(changed.getByRole('cell')).toHaveText([/\/payload\/item\/text"hello"/, /\/payload\/item\/text"hullo"/]);
  await expect(lane.getByRole('row')).toHaveCount(10);
  await lane.getByRole('button', { name: 'Show 6 equal lines' }).press('Enter');
  await expect(lane.getByRole('row')).toHaveCount(15);
  await changed.getByText('item/completed').first().click();
  await expect(changed.locator('pre')).toContainText('"text": "hello"');
  await expect(page.getByRole('row', { name: 'time 3' })).toContainText('3');
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByText('Copied', { exact: true })).toBeVisible();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
    'npm run parity -- run --scenario turns/steer --client ts --engine fake',
  );
});

test('a known difference is shown with its reason and not as a fault', async ({ report }) => {
  const page = await report.open(sample(), '#/cell/threads/start/ts/real');
  await expect(page.getByRole('heading', { name: 'Known: client-name (idiom)' })).toBeVisible();
  await expect(page.getByText('Each client gives its own name.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Not explained' })).toHaveCount(0);
  await expect(page.getByRole('row', { name: '≠ changed known' })).toContainText('known: client-name');
});

test('a cell that is not in the report is said to be unknown', async ({ report }) => {
  const page = await report.open(sample(), '#/cell/turns/<img src=x onerror=alert(1)>/ts/real');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('No such cell');
});
