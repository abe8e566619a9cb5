import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { textParts } from '../../compare/text-parts.ts';
import { asText, htmlPage } from '../../report/html/html-page.ts';
import type { BumpReport, Change } from '../types.ts';
import { classes, classWords, conclusion, linesOf, proofOf, stepName, whatWords } from './words.ts';

const base = fileURLToPath(new URL('../../report/html/app/base.css', import.meta.url));
const own = `
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem; }
.sides pre { margin: 0; padding: 0.5rem; background: var(--raised); border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.85rem; }
.sides del { background: var(--bad-ground); color: var(--bad); text-decoration: none; }
.sides ins { background: var(--good-ground); color: var(--good); text-decoration: none; }
details { margin: 0.5rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
@media (max-width: 50rem) { .sides { grid-template-columns: 1fr; } }
`;

/** `bump.html`: one file that opens offline, without a script: the changes by class, each with its proof and the two lines side by side. */
export function renderBumpHtml(report: BumpReport): string {
  const style = `${readFileSync(base, 'utf8')}${own}`;
  const { edits, unchecked, impact, runs } = report;
  return htmlPage({
    title: stepName(report),
    style,
    body: `<main>
<h1>${asText(stepName(report))}</h1>
<p>${asText(conclusion(report))}. Proposed step of our own version: ${report.semver}.</p>
${list('Could not be checked', unchecked)}
${list(
  'Edits',
  edits.map(({ todo, file }) => (file === undefined ? todo : `${file}: ${todo}`)),
)}
${classes.map((kind) => section(kind, report.changes)).join('\n')}
${list(
  'Not exercised by any scenario',
  report.changes
    .filter(({ fingerprint }) => impact.unproven.includes(fingerprint))
    .map(({ place, what }) => `${place} (${what})`),
)}
${list(
  'Not applicable on one side',
  runs.notApplicable.map(({ scenario, side, reason }) => `${scenario}, ${side}: ${reason}`),
)}
${list(
  'Seen once, not again',
  runs.unsteady.map(({ place, what, provenBy }) => `${place} (${what}), in ${provenBy.join(', ')}`),
)}
</main>`,
  });
}

function section(kind: Change['class'], changes: readonly Change[]): string {
  const mine = changes.filter((change) => change.class === kind);
  const { title, says } = classWords[kind];
  const items = mine.map((change) => item(change, kind !== 'additive')).join('\n');
  return `<h2>${title} (${mine.length})</h2>\n<p class="quiet">${says}</p>\n${items}`;
}

function item(change: Change, open: boolean): string {
  const { before, after } = linesOf(change);
  const parts = textParts(before ?? '', after ?? '');
  const side = (where: 'before' | 'after', tag: 'del' | 'ins') =>
    parts
      .map((part) =>
        part.in === 'both' ? asText(part.text) : part.in === where ? `<${tag}>${asText(part.text)}</${tag}>` : '',
      )
      .join('');
  const absent = '<span class="quiet">nothing</span>';
  const approved = change.approved === undefined ? '' : `<p>Approved: ${asText(change.approved)}</p>`;
  const example =
    change.example === undefined ? '' : `, here in ${change.example.scenario} with ${change.example.client}`;
  return `<details id="${asText(change.fingerprint)}"${open ? ' open' : ''}>
<summary><strong>${asText(whatWords(change))}</strong> <code>${asText(change.place)}</code></summary>
<p class="quiet">${asText(proofOf(change) + example)}; fingerprint ${asText(change.fingerprint)}</p>${approved}
<div class="sides"><pre>${before === undefined ? absent : side('before', 'del')}</pre><pre>${after === undefined ? absent : side('after', 'ins')}</pre></div>
</details>`;
}

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `<h2>${title} (${lines.length})</h2>\n<ul>${lines.map((line) => `<li>${asText(line)}</li>`).join('\n')}</ul>`;
}
