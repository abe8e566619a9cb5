/** @import { ReportModel } from '../../model.ts' */
import { el } from './dom.js';
import { valueView } from './value.js';

/** Every known difference with its reason, and how many cells need it. @param {ReportModel} model */
export function ledgerSection({ ledger, cells }) {
  /** @type {Map<string, number>} */
  const uses = new Map();
  for (const { known } of cells) {
    for (const id of new Set(known.map(([name]) => name))) uses.set(id, (uses.get(id) ?? 0) + 1);
  }
  const title = el('h2', {}, 'Known differences');
  if (ledger.length === 0) return el('section', {}, title, el('p', {}, 'The ledger is empty.'));
  const heads = ['Entry', 'Kind', 'Where', 'Reason and evidence', 'Cells'];
  const table = el(
    'table',
    { class: 'ledger' },
    el('caption', { class: 'unseen' }, 'Known differences, with the reason for each'),
    el('thead', {}, el('tr', {}, ...heads.map((name) => el('th', { scope: 'col' }, name)))),
    el('tbody', {}, ...ledger.map((entry) => row(entry, uses.get(entry.id) ?? 0))),
  );
  const scroller = el(
    'div',
    { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': 'Known differences' },
    table,
  );
  return el('section', {}, title, scroller);
}

/** @param {ReportModel['ledger'][number]} entry @param {number} uses */
function row(entry, uses) {
  const { id, kind, scenario, path, clients, engines, reason, evidence, reference, client, expires } = entry;
  const until = [expires?.date, expires?.engine && `engine ${expires.engine}`].filter(Boolean).join(' or ');
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, id, until === '' ? undefined : el('p', { class: 'note' }, `until ${until}`)),
    el('td', {}, kind),
    el(
      'td',
      {},
      el('code', {}, path),
      el(
        'p',
        { class: 'note' },
        `${scenario}: ${clients.join(', ')}${engines === undefined ? '' : ` on ${engines.join(', ')}`}`,
      ),
      reference === undefined
        ? undefined
        : el('p', { class: 'note' }, 'only where the golden has ', valueView(reference)),
      client === undefined ? undefined : el('p', { class: 'note' }, 'only where the client has ', valueView(client)),
    ),
    el('td', {}, el('p', {}, reason), el('p', { class: 'note' }, evidence)),
    el('td', { class: 'number' }, String(uses)),
  );
}
