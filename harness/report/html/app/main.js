/** @import { ReportModel } from '../../model.ts' */
import { cellPath } from '../../cell-path.ts';
import { cellPage } from './cell-page.js';
import { el } from './dom.js';
import { startPage } from './start-page.js';

/** @type {ReportModel} */
const model = JSON.parse(document.getElementById('model')?.textContent ?? '');
const cells = new Map(model.cells.map((cell) => [cellPath(cell), cell]));
const page = /** @type {HTMLElement} */ (document.getElementById('page'));
/** Kept: coming back from a cell finds filter and search as they were. @type {HTMLElement | undefined} */
let start;
let startScroll = 0;

const prefix = '#/cell/';

function show() {
  const { hash } = location;
  if (!hash.startsWith(prefix)) {
    start ??= startPage(model);
    page.replaceChildren(start);
    document.title = 'Parity report';
    scrollTo(0, startScroll);
    return;
  }
  const path = hash.slice(prefix.length);
  const cell = cells.get(path);
  page.replaceChildren(cell === undefined ? unknownCell(path) : cellPage(model, cell));
  document.title = `${cell?.scenario ?? 'Unknown cell'} – Parity report`;
  scrollTo(0, 0);
  page.querySelector('h1')?.focus();
}

/** @param {string} path */
const unknownCell = (path) =>
  el(
    'div',
    {},
    el('nav', { 'aria-label': 'Way back' }, el('a', { href: '#/' }, '← All cells')),
    el('h1', { tabindex: '-1' }, 'No such cell'),
    el('p', {}, 'This report has no cell ', el('code', {}, path), '.'),
  );

addEventListener('hashchange', show);
addEventListener('scroll', () => {
  if (start?.isConnected) startScroll = scrollY;
});
show();
