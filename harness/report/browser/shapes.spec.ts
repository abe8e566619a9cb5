import { event, SampleRun } from '../test-fixtures/sample-run.ts';
import { expect, test } from './open-report.ts';
import { sample } from './sample.ts';

const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  for (const place of [
    '',
    '#/words/golden',
    '#/known/client-name',
    '#/behaviour/A-9',
    '#/cell/turns/steer/ts/fake',
    '#/cell/threads/start/ts/real',
    '#/cell/threads/cancel/python/real',
  ]) {
    test(`nothing is wider than the page: ${place || 'the start page'}`, async ({ report }) => {
      const run = sample();
      run.past('2026-01-02T00:00:00.000Z', 0.5);
      run.unjudged({
        ...{ scenario: 'x/y', client: 'ts', engine: 'real', verdict: 'could-not-run' },
        reason: 'x'.repeat(300),
      });
      const long = [
        event('thread/tokenUsage/updated', {
          tokenUsage: Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`count${at}`, at])),
        }),
      ];
      run.golden('turns/long', long);
      run.cell({ scenario: 'turns/long', client: 'ts', engine: 'real' }, []);
      const page = await report.open(run, place);
      await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
      expect(await page.evaluate(overflow)).toBe(0);
    });
  }
});

test('a run without cells says that nothing was judged', async ({ report }) => {
  const page = await report.open(new SampleRun());
  await expect(page.locator('.pill')).toHaveText('– Nothing was judged');
  await expect(page.getByText('No cell fits the filter.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'What fails' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Failures' })).toHaveCount(0);
});

test('a run of one cell has its score, its row and its column', async ({ report }) => {
  const run = new SampleRun();
  run.golden('turns/one', [event('a', {})]);
  run.golden('turns/two', [event('a', {})]);
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'fake' }, [event('a', {})]);
  const page = await report.open(run);
  await expect(page.locator('.pill')).toHaveText('◐ At parity in this part');
  await expect(page.getByText('Only a whole run proves parity.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Score of ts' })).toContainText('1 of 1 equal100 %');
  await expect(page.getByRole('region', { name: 'Score of ts' })).toContainText('0 fail');
  await expect(page.getByRole('table', { name: 'Verdicts, App-server' }).getByRole('link')).toHaveText(
    /match ts on fake/,
  );
});

test('a client of which nothing was compared has no share', async ({ report }) => {
  const run = new SampleRun();
  run.unjudged({ scenario: 'turns/one', client: 'ts', engine: 'real', verdict: 'baseline' });
  const page = await report.open(run);
  await expect(page.getByRole('region', { name: 'Score of ts' })).toContainText('Nothing was compared');
  await expect(page.getByRole('main')).not.toContainText('NaN');
});

test('a client that joined the run has its score beside ours', async ({ report }) => {
  const run = new SampleRun();
  run.golden('turns/one', [event('a', {})]);
  for (const client of ['ts', 'rust' as never] as const)
    run.cell({ scenario: 'turns/one', client, engine: 'real' }, [event('a', {})]);
  const page = await report.open(run);
  await expect(page.getByRole('region', { name: 'Score of rust' })).toContainText('1 of 1 equal');
});
