import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { textParts } from '../text-changes.ts';
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
  const hash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
  const policy = `default-src 'none'; style-src ${hash}; base-uri 'none'; form-action 'none'`;
  const { edits, unchecked, impact, runs } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(stepName(report))}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${text(stepName(report))}</h1>
<p>${text(conclusion(report))}. Proposed step of our own version: ${report.semver}.</p>
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
</main>
</body>
</html>
`;
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
        part.in === 'both' ? text(part.text) : part.in === where ? `<${tag}>${text(part.text)}</${tag}>` : '',
      )
      .join('');
  const absent = '<span class="quiet">nothing</span>';
  const approved = change.approved === undefined ? '' : `<p>Approved: ${text(change.approved)}</p>`;
  const example =
    change.example === undefined ? '' : `, here in ${change.example.scenario} with ${change.example.client}`;
  return `<details id="${text(change.fingerprint)}"${open ? ' open' : ''}>
<summary><strong>${text(whatWords(change))}</strong> <code>${text(change.place)}</code></summary>
<p class="quiet">${text(proofOf(change) + example)}; fingerprint ${text(change.fingerprint)}</p>${approved}
<div class="sides"><pre>${before === undefined ? absent : side('before', 'del')}</pre><pre>${after === undefined ? absent : side('after', 'ins')}</pre></div>
</details>`;
}

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `<h2>${title} (${lines.length})</h2>\n<ul>${lines.map((line) => `<li>${text(line)}</li>`).join('\n')}</ul>`;
}

/** Whatever an engine wrote is text, and what would hide or reorder it is shown as �. */
const text = (value: string): string =>
  value
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (one) => (one === '\n' ? '\n' : '�'))
    .replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
