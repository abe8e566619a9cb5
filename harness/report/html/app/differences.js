/** @import { ReportCell, ReportDifference, ReportModel } from '../../model.ts' */
import { el } from './dom.js';
import { valuePair } from './value.js';

const most = 100;
const words = { changed: 'changed', missing: 'missing', extra: 'extra' };

/** What no ledger entry explains, then what one does, with its reason. @param {ReportModel} model @param {ReportCell} cell */
export function differencesSection(model, cell) {
  const at = (/** @type {number} */ index) => /** @type {ReportDifference} */ (model.differences[index]);
  const title = el('h2', {}, 'Differences');
  if (cell.unexplained.length + cell.known.length === 0) {
    return el('section', {}, title, el('p', {}, cell.lanes === undefined ? 'Nothing was compared.' : 'None.'));
  }
  return el(
    'section',
    { 'aria-label': 'Differences' },
    title,
    table(
      'Not explained',
      cell.unexplained.map((index) => at(index)),
    ),
    ...byEntry(cell).map(([id, indices]) => known(model, id, indices.map(at))),
  );
}

/** @param {ReportCell} cell @returns {[string, number[]][]} */
const byEntry = (cell) =>
  [...Map.groupBy(cell.known, ([id]) => id)].map(([id, uses]) => [id, uses.map(([, index]) => index)]);

/** @param {ReportModel} model @param {string} id @param {ReportDifference[]} differences */
function known(model, id, differences) {
  const entry = model.ledger.find((candidate) => candidate.id === id);
  return el(
    'div',
    { class: 'known' },
    el('h3', {}, `Known: ${id}`, entry === undefined ? '' : ` (${entry.kind})`),
    entry === undefined ? undefined : el('p', {}, entry.reason, ' ', el('span', { class: 'note' }, entry.evidence)),
    table(undefined, differences),
  );
}

/** @param {string | undefined} title @param {ReportDifference[]} differences */
function table(title, differences) {
  if (differences.length === 0) return undefined;
  const heads = ['Kind', 'Path', 'Golden', 'Client'].map((name) => el('th', { scope: 'col' }, name));
  const rows = differences.slice(0, most).map((difference) => row(difference));
  const more =
    differences.length > most
      ? el('p', { class: 'note' }, `and ${differences.length - most} more, marked below`)
      : undefined;
  return el(
    'div',
    {},
    title === undefined ? undefined : el('h3', {}, title),
    el('table', { class: 'differences' }, el('thead', {}, el('tr', {}, ...heads)), el('tbody', {}, ...rows)),
    more,
  );
}

/** @param {ReportDifference} difference */
function row({ kind, lane, path, expected, actual, expectedAt, actualAt }) {
  const isRow = kind !== 'changed' && (expectedAt ?? actualAt) !== undefined;
  const [left, right] = isRow
    ? [expectedAt, actualAt].map((place) =>
        el('span', { class: 'note' }, place === undefined ? 'no such line' : `line ${place + 1} of the lane`),
      )
    : valuePair(expected, actual);
  return el(
    'tr',
    {},
    el('td', {}, el('span', { class: `kind ${kind}` }, words[kind])),
    el('td', {}, el('code', {}, path), el('p', { class: 'note' }, `lane ${lane}`)),
    el('td', {}, left),
    el('td', {}, right),
  );
}
