import { cellPath } from '../../cell/cell-path.ts';
import { event, SampleRun } from '../test-fixtures/sample-run.ts';
import { expect, renderReport, test } from './open-report.ts';

const script = '</script><script>window.harmed = "script"; alert(1)</script>';
const image = '<img src="https://example.invalid/x.png" onerror="window.harmed = \'image\'">';
const separators = 'a\u2028b\u2029c\u202ed\u0000e';
const payloads = [script, image, separators, '<!--<script>', 'javascript:window.harmed=2', '__proto__'];

/** The payloads wherever an engine, a model, a scenario or a ledger can put a text. */
function hostileRun(): SampleRun {
  const run = new SampleRun();
  const all = payloads.join(' ');
  run.ledger.push({
    id: all,
    scenario: '**',
    clients: ['ts'],
    path: `event:${image}/payload/known`,
    kind: 'upstream',
    reason: all,
    evidence: all,
    behaviours: payloads,
    line: 1,
  });
  for (const id of payloads) run.behaviours.push({ id, title: all, proof: payloads });
  for (const scenario of payloads) {
    const lines = (value: string) => [
      event(image, { known: value }),
      ...payloads.map((payload) => event(payload, { [payload]: payload, value }, payload)),
    ];
    run.golden(scenario, lines('golden'));
    const cell = run.cell({ scenario, client: 'ts', engine: 'real', reason: all, fired: { [image]: 1 } }, lines(all));
    run.scenario(scenario, all, payloads.join('\n'));
    run.evidence.set(cellPath(cell), { raw: payloads.join('/'), embedded: 0, failedAt: 1 });
  }
  run.raws.push({ lines: payloads, origins: Object.fromEntries(payloads.map((payload) => [payload, [0]])) });
  return run;
}

test('the start page shows hostile texts as text', async ({ report }) => {
  const page = await report.open(hostileRun());
  const matrix = page.getByRole('table', { name: 'Verdicts, App-server' });
  await expect(matrix.getByRole('link')).toHaveCount(payloads.length);
  await expect(page.getByRole('list', { name: 'Known differences, upstream' })).toContainText(script);
  await expect(matrix).toContainText('a\\u{2028}b\\u{2029}c\\u{202e}d\\u{0}e');
  await expect(page.locator('img, iframe, object, main script')).toHaveCount(0);
  expect(await page.evaluate('window.harmed')).toBeUndefined();
});

test('so do the pages of cells, their values opened', async ({ report }) => {
  const run = hostileRun();
  const page = await report.open(run);
  for (const cell of run.results) {
    await page.evaluate(`location.hash = ${JSON.stringify(`#/cell/${cellPath(cell)}`)}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      cell.scenario === separators ? /^a\\u\{2028\}b/ : cell.scenario,
    );
    await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
    await expect(page.locator('pre', { hasText: image }).first()).toBeVisible();
    await expect(page.getByRole('rowheader', { name: `Lane ${script}` })).toBeVisible();
    await expect(page.getByRole('table', { name: 'Raw lines' })).toContainText(script);
    await expect(page.getByRole('link', { name: /raw|script/ }).last()).toHaveAttribute('href', /^(?:#|\.\/)/);
    await expect(page.locator('img, iframe, object, main script')).toHaveCount(0);
    expect(await page.evaluate('window.harmed')).toBeUndefined();
  }
});

test('so do the pages of the ledger and of behaviours, and what is said over a word', async ({ report }) => {
  const page = await report.open(hostileRun(), `#/known/${encodeURIComponent(payloads.join(' '))}`);
  await expect(page.locator('.lead')).toContainText(script);
  for (const id of payloads) {
    await page.evaluate(`location.hash = ${JSON.stringify(`#/behaviour/${encodeURIComponent(id)}`)}`);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(id === separators ? 'a\\u{2028}b' : id);
    await expect(page.locator('.lead')).toContainText(image);
  }
  await page.evaluate('location.hash = "#/"');
  await page
    .getByRole('list', { name: 'Known differences, upstream' })
    .getByRole('link', { name: image, exact: true })
    .first()
    .hover();
  await expect(page.getByRole('tooltip')).toContainText(image);
  await expect(page.locator('img, iframe, object, main script')).toHaveCount(0);
  expect(await page.evaluate('window.harmed')).toBeUndefined();
});

test('the policy stops a script and a request that got into the page all the same', async ({ page }) => {
  const blocked: string[] = [];
  page.on('console', (message) => message.type() === 'error' && blocked.push(message.text()));
  await page.setContent(renderReport(hostileRun()));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Parity report');
  await page.evaluate(`document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(image)});
    document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.harmed = 3' }));`);
  await expect
    .poll(() => blocked.filter((text) => text.includes('Content Security Policy')).length)
    .toBeGreaterThanOrEqual(2);
  expect(await page.evaluate('window.harmed')).toBeUndefined();
});
