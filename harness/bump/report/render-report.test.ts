import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { loadContract } from '../../contract/load-contract.ts';
import type { Contract } from '../../contract/types.ts';
import { makeReport } from '../make-report.ts';
import type { BumpReport, Change } from '../types.ts';
import { renderBumpHtml } from './render-html.ts';
import { renderMarkdown } from './render-markdown.ts';

const root = path.join(import.meta.dirname, '../../..');
const hostile = '</pre><script>alert(1)</script>\u202e| `x` @everyone ![a](b)';

const change = (over: Partial<Change> = {}): Change => ({
  fingerprint: '0123456789ab',
  source: 'behaviour',
  class: 'behaviour',
  classes: { received: 'behaviour' },
  direction: 'received',
  place: 'wire.in turn/completed turn.status',
  what: 'value-changed',
  messages: ['turn/completed'],
  provenBy: ['turns/plain-message'],
  blame: 'engine',
  scenarios: 1,
  example: { scenario: 'turns/plain-message', client: 'python', before: 'the old line', after: 'the new line' },
  ...over,
});

async function reportOf(changes: readonly Change[], to?: (contract: Contract) => void): Promise<BumpReport> {
  const from = await loadContract();
  const fresh = structuredClone(from);
  to?.(fresh);
  return makeReport({
    ...{ root, from: '1.0.0', to: '1.1.0', python: { from: '1.0.0', to: '1.0.0' } },
    contracts: { from, to: fresh },
    ...{ surface: changes, behaviour: [], exercised: new Map(), recorded: new Set(), approvals: [], unchecked: [] },
  });
}

test('a report has the form of its schema', async () => {
  const schema = JSON.parse(readFileSync(path.join(root, 'fixtures/schema/bump.schema.json'), 'utf8')) as object;
  const isValid = new Ajv({ strict: false }).compile(schema);
  const report = await reportOf([change()]);
  expect(isValid(JSON.parse(JSON.stringify(report))), JSON.stringify(isValid.errors)).toBe(true);
  expect(isValid({ ...report, verdict: 'fine' })).toBe(false);
});

test('a step without changes is safe', async () => {
  expect(await reportOf([])).toMatchObject({ verdict: 'safe', changes: [], edits: [], semver: 'none' });
});

test('a gap of the new contract is work, though no change names it', async () => {
  const report = await reportOf([], ({ index }) => {
    index.gaps = ['the result of thread/x'];
  });
  expect(report).toMatchObject({
    verdict: 'needs-work',
    edits: [{ todo: 'Fill a gap of the new contract: the result of thread/x' }],
  });
});

test('a removed value that one of our options still offers is found in the sources and pages', async () => {
  const report = await reportOf([], ({ schema, methods }) => {
    delete methods.clientRequests['turn/steer'];
    const mode = schema.definitions.SandboxMode as { enum?: string[] };
    mode.enum = (mode.enum ?? []).filter((value) => value !== 'danger-full-access');
  });
  const [removed] = report.changes.filter(({ what }) => what === 'enum-value-removed');
  expect(removed?.place).toBe('SandboxMode=danger-full-access');
  const mentions = report.impact.mentions.filter(({ fingerprint }) => fingerprint === removed?.fingerprint);
  expect(mentions.some(({ file }) => file.startsWith('sdk/'))).toBe(true);
  const gone = report.changes.find(({ what, place }) => what === 'method-removed' && place === 'turn/steer');
  const pages = report.impact.mentions.filter(
    ({ fingerprint, kind }) => fingerprint === gone?.fingerprint && kind === 'docs',
  );
  expect(pages.length).toBeGreaterThan(0);
  expect(report.verdict).toBe('needs-work');
  expect(report.edits.some(({ file = '' }) => file.startsWith('sdk/'))).toBe(true);
});

test('whatever an engine wrote is text in both reports', async () => {
  const report = await reportOf([
    change({ place: hostile, example: { scenario: 'x', client: 'ts', before: hostile } }),
  ]);
  const html = renderBumpHtml(report);
  expect(html).not.toContain('<script');
  expect(html).not.toContain('\u202e');
  const markdown = renderMarkdown(report);
  expect(markdown).not.toContain('\u202e');
  // Markup stands in code alone, and nothing closes that.
  const text = markdown.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
  for (const markup of ['<script', '`', '@everyone', '![a]']) expect(text).not.toContain(markup);
});

test('the two lines stand side by side, with the words that differ marked', async () => {
  const html = renderBumpHtml(await reportOf([change()]));
  expect(html).toContain('<pre>the <del>old</del> line</pre><pre>the <ins>new</ins> line</pre>');
});

test('the body of a pull request is never too long, and says what it leaves out', async () => {
  const many = Array.from({ length: 2000 }, (_, at) =>
    change({ place: `wire.in message/${at}`, class: at % 2 === 0 ? 'breaking' : 'additive' }),
  );
  const markdown = renderMarkdown(await reportOf(many));
  expect(markdown.length).toBeLessThanOrEqual(65_000);
  expect(markdown.length).toBeGreaterThan(30_000);
  expect(markdown).toMatch(/- and \d+ more, in bump\.json/);
});
