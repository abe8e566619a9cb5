/** @import { ReportCell, ReportModel } from '../../model.ts' */
import { cellPath } from '../../cell-path.ts';
import { el } from './dom.js';
import { filterBar } from './filter.js';
import { badge, worstOf } from './verdicts.js';

/**
 * @typedef {{ element: HTMLElement, cells: ReportCell[], text: string }} Shown a cell of the table, with what the search looks at
 * @typedef {{ element: HTMLElement, shown: Shown[] }} Row
 * @typedef {{ element: HTMLElement, rows: Row[] }} Group
 */

/** Scenario × client × engine. @param {ReportModel} model */
export function matrixSection(model) {
  const columns = columnsOf(model.cells);
  const groups = groupsOf(model.cells, columns);
  const table = el(
    'table',
    { class: 'matrix' },
    el('caption', { class: 'unseen' }, 'Verdict of each scenario for each client on each engine'),
    head(columns),
    ...groups.map(({ element }) => element),
  );
  const nothing = el('p', { class: 'nothing', hidden: true }, 'No cell fits the filter.');
  const bar = filterBar(model.cells, (fits) => {
    let count = 0;
    for (const group of groups) {
      for (const row of group.rows) {
        let inRow = 0;
        for (const { element, cells, text } of row.shown) {
          const fitting = cells.filter((cell) => fits(cell, text)).length;
          element.classList.toggle('faded', fitting === 0);
          inRow += fitting;
        }
        row.element.hidden = inRow === 0;
        count += inRow;
      }
      group.element.hidden = group.rows.every(({ element }) => element.hidden);
    }
    table.hidden = count === 0;
    nothing.hidden = count > 0;
    return count;
  });
  const scroller = el('div', { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': 'Matrix' }, table);
  return el('section', {}, el('h2', {}, 'Matrix'), bar, scroller, nothing);
}

/** Client → its engines, in the order of the run. @param {ReportCell[]} cells */
function columnsOf(cells) {
  /** @type {Map<string, Set<string>>} */
  const columns = new Map();
  for (const { client, engine } of cells) columns.set(client, (columns.get(client) ?? new Set()).add(engine));
  return [...columns].map(([client, engines]) => ({ client, engines: [...engines] }));
}

/** @typedef {ReturnType<typeof columnsOf>} Columns */

/** @param {Columns} columns */
const head = (columns) =>
  el(
    'thead',
    {},
    el(
      'tr',
      {},
      el('th', { scope: 'col', rowspan: '2' }, 'Scenario'),
      ...columns.map(({ client, engines }) => el('th', { scope: 'colgroup', colspan: String(engines.length) }, client)),
    ),
    el('tr', {}, ...columns.flatMap(({ engines }) => engines.map((engine) => el('th', { scope: 'col' }, engine)))),
  );

/** @param {ReportCell[]} cells @param {Columns} columns @returns {Group[]} */
function groupsOf(cells, columns) {
  const scenarios = Map.groupBy(cells, ({ scenario }) => scenario);
  const folders = Map.groupBy(scenarios.keys(), (scenario) => scenario.split('/')[0] ?? '');
  const width = String(1 + columns.reduce((sum, { engines }) => sum + engines.length, 0));
  return [...folders].map(([folder, names]) => {
    const rows = names.map((name) => rowOf(name, folder, scenarios.get(name) ?? [], columns));
    const title = el('tr', { class: 'folder' }, el('th', { scope: 'rowgroup', colspan: width }, folder));
    return { rows, element: el('tbody', {}, title, ...rows.map(({ element }) => element)) };
  });
}

/** @param {string} scenario @param {string} folder @param {ReportCell[]} cells @param {Columns} columns @returns {Row} */
function rowOf(scenario, folder, cells, columns) {
  const short = scenario.startsWith(`${folder}/`) ? scenario.slice(folder.length + 1) : scenario;
  const shown = columns.flatMap(({ client, engines }) =>
    engines.map((engine) => {
      const here = cells.filter((cell) => cell.client === client && cell.engine === engine);
      return { element: tableCell(here), cells: here, text: `${scenario} ${client} ${engine}`.toLowerCase() };
    }),
  );
  const element = el('tr', {}, el('th', { scope: 'row', title: scenario }, short), ...shown.map((one) => one.element));
  return { element, shown };
}

/** @param {ReportCell[]} rounds */
function tableCell(rounds) {
  const worst = worstOf(rounds);
  if (worst === undefined) return el('td', {}, el('span', { class: 'unseen' }, 'not run'));
  const times = rounds.length > 1 ? ` ×${rounds.length}` : undefined;
  return el('td', {}, el('a', { href: `#/cell/${cellPath(worst)}` }, badge(worst.verdict, 'short'), times));
}
