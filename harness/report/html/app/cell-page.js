/** @import { ReportCell, ReportModel } from '../../model.ts' */
import { cellPath } from '../../cell-path.ts';
import { replayCommand } from '../../replay-command.ts';
import { copyable } from './copy-button.js';
import { differencesSection } from './differences.js';
import { el } from './dom.js';
import { lanesSection } from './lanes.js';
import { badge } from './verdicts.js';

/** One cell: what differs, why, how to run it again, and both lanes side by side. @param {ReportModel} model @param {ReportCell} cell */
export function cellPage(model, cell) {
  const golden = model.goldens.find(({ scenario }) => scenario === cell.scenario);
  const round = cell.round > 1 ? `, round ${cell.round}` : '';
  return el(
    'div',
    {},
    el('nav', { 'aria-label': 'Way back' }, el('a', { href: '#/' }, '← All cells')),
    el('h1', { tabindex: '-1' }, cell.scenario),
    el(
      'p',
      { class: 'subtitle' },
      badge(cell.verdict),
      ` ${cell.client} on the ${cell.engine} engine${round}, ${cell.durationMs} ms`,
    ),
    cell.reason === undefined ? undefined : el('pre', { class: 'problem' }, cell.reason),
    el('h2', {}, 'Run it again'),
    copyable(replayCommand(cell)),
    cell.raw === undefined
      ? undefined
      : el('p', { class: 'note' }, 'Raw observation, beside this report: ', el('code', {}, cell.raw)),
    siblings(model, cell),
    differencesSection(model, cell),
    lanesSection(model, cell, golden),
    rules(model, cell),
  );
}

/** @param {ReportModel} model @param {ReportCell} cell */
function siblings(model, cell) {
  const others = model.cells.filter((other) => other.scenario === cell.scenario);
  const link = (/** @type {ReportCell} */ other) => {
    const here = other === cell ? { 'aria-current': 'page' } : {};
    const name = `${other.client} ${other.engine}${other.round > 1 ? ` #${other.round}` : ''}`;
    return el('li', {}, el('a', { href: `#/cell/${cellPath(other)}`, ...here }, name, badge(other.verdict)));
  };
  return el('nav', { 'aria-label': 'Cells of this scenario', class: 'siblings' }, el('ul', {}, ...others.map(link)));
}

/** @param {ReportModel} model @param {ReportCell} cell */
function rules(model, cell) {
  const reasons = new Map(model.rules.map(({ name, reason }) => [name, reason]));
  const fired = Object.entries(model.fired[cell.fired] ?? {});
  const title = el('h2', {}, 'Normalising rules that fired');
  if (fired.length === 0) return el('section', {}, title, el('p', {}, 'None.'));
  const row = (/** @type {[string, number]} */ [name, count]) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, name),
      el('td', { class: 'number' }, String(count)),
      el('td', {}, reasons.get(name) ?? ''),
    );
  const heads = ['Rule', 'Times', 'Reason'].map((name) => el('th', { scope: 'col' }, name));
  const table = el('table', {}, el('thead', {}, el('tr', {}, ...heads)), el('tbody', {}, ...fired.map(row)));
  return el('section', {}, title, table);
}
