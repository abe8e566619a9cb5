/** @import { ReportCell } from '../../model.ts' */
/** @import { Verdict } from '../../../verdict/judge.ts' */
import { el } from './dom.js';
import { badge, verdicts } from './verdicts.js';

/**
 * A search box and a box for each verdict that occurs. No verdict chosen means all.
 * @param {ReportCell[]} cells
 * @param {(fits: (cell: ReportCell, text: string) => boolean) => number} apply shows what fits, and says how many cells that are
 */
export function filterBar(cells, apply) {
  const search = el('input', { type: 'search', id: 'search', input: update, placeholder: 'scenario, client, engine' });
  const boxes = verdicts.flatMap(({ verdict }) => {
    const count = cells.filter((cell) => cell.verdict === verdict).length;
    return count === 0 ? [] : [{ verdict, count, input: el('input', { type: 'checkbox', change: update }) }];
  });
  const status = el('p', { role: 'status', class: 'status' });

  function update() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    /** @type {Set<Verdict>} */
    const chosen = new Set(boxes.filter(({ input }) => input.checked).map(({ verdict }) => verdict));
    const count = apply(
      (cell, text) => (chosen.size === 0 || chosen.has(cell.verdict)) && words.every((word) => text.includes(word)),
    );
    status.textContent = `${count} of ${cells.length} cells`;
  }

  update();
  return el(
    'div',
    { class: 'filter', role: 'search' },
    el('label', { class: 'search', for: 'search' }, 'Search '),
    search,
    el(
      'fieldset',
      {},
      el('legend', {}, 'Only'),
      ...boxes.map(({ verdict, count, input }) => el('label', {}, input, badge(verdict), ` ${count}`)),
    ),
    status,
  );
}
