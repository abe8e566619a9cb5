import { expect, test } from './open-report.ts';
import { sample } from './sample.ts';

/** Two cells that fail, of different scenarios, and one that does not, between them. */
function twoFailures() {
  const run = sample();
  run.unjudged({
    ...{ scenario: 'threads/start', client: 'ts', engine: 'fake', durationMs: 1 },
    ...{ verdict: 'could-not-run', reason: 'no engine' },
  });
  return run;
}

test('from a failing cell, links and keys lead to the other failing cells', async ({ report }) => {
  const page = await report.open(twoFailures(), '#/cell/turns/steer/ts/fake');
  const heading = page.getByRole('heading', { level: 1 });
  const others = page.getByRole('navigation', { name: 'Failing cells' });
  await expect(others).toContainText('1 of 2 that fail');
  await expect(others.getByRole('link')).toHaveText(['Next →']);
  await page.keyboard.press(']');
  await expect(heading).toHaveText('threads/start');
  await expect(others).toContainText('2 of 2 that fail');
  await page.keyboard.press(']');
  await expect(heading).toHaveText('threads/start');
  await page.keyboard.press('[');
  await expect(heading).toHaveText('turns/steer');
  await others.getByRole('link', { name: 'Next' }).click();
  await expect(heading).toHaveText('threads/start');
});

test('a cell that is alone with its verdict names no others', async ({ report }) => {
  const page = await report.open(sample(), '#/cell/threads/start/ts/real');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('threads/start');
  await expect(page.getByRole('navigation', { name: /cells/i })).toHaveCount(1);
});

test('a failure is copied as Markdown, with its differences and the command that runs it again', async ({
  report,
  page,
}) => {
  // The system's clipboard is everybody's.
  await page.addInitScript('navigator.clipboard.writeText = async (text) => { globalThis.copied = text; }');
  await report.open(sample(), '#/cell/turns/steer/ts/fake');
  await page.getByText('As Markdown, for an issue').click();
  const again = page.getByRole('region', { name: 'Run it again' });
  await again.getByRole('button', { name: 'Copy' }).last().click();
  await expect(again.getByRole('status').last()).toHaveText('Copied');
  const copied = await page.evaluate<string>('globalThis.copied');
  expect(copied.split('\n')).toEqual([
    '**turns/steer** (ts on fake): mismatch',
    '',
    'Steering reaches the turn',
    '',
    '- `event:turn/started` is missing, lane `user/events`',
    '  - golden: `{"turn":{"id":"<turn-1>"}}`',
    '  - ts: no such line',
    '',
    '- `event:item/completed/payload/item/text` differs, lane `user/events`',
    '  - golden: `"say hello"`',
    '  - ts: `"say hullo"`',
    '',
    '- `event:turn/odd` is extra, lane `user/events`',
    '  - golden: no such line',
    '  - ts: `{}`',
    '',
    'Engine 1.2.3, commit ababababab. Again: `npm run parity -- rerun turns/steer/ts/fake`',
    '',
  ]);
});
