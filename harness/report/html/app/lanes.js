/** @import { ReportCell, ReportGolden, ReportModel } from '../../model.ts' */
/** @import { AlignedLane, AlignedPair, Side } from './align-lanes.js' */
import { alignLanes } from './align-lanes.js';
import { el, folded } from './dom.js';
import { jsonBlock, valuePair } from './value.js';

const signs = { equal: '=', changed: '≠ changed', missing: '− missing', extra: '+ extra' };
/** A run of equal lines longer than this is folded but for its ends. */
const longRun = 6;
const ends = 2;

/** Golden and client side by side, lane by lane. @param {ReportModel} model @param {ReportCell} cell @param {ReportGolden | undefined} golden */
export function lanesSection(model, cell, golden) {
  const title = el('h2', {}, 'Lanes');
  if (cell.lanes === undefined)
    return el('section', {}, title, el('p', {}, 'No observation of this cell is in the report.'));
  const source =
    golden === undefined
      ? 'There is no golden for this scenario: every line of the client is extra.'
      : `The golden was recorded with ${golden.client} and last proven on engine ${golden.engineVersion}.`;
  const fake = cell.engine === 'fake' ? ' Model requests and files are not compared on the fake engine.' : '';
  const lanes = alignLanes(model, cell, golden);
  return el(
    'section',
    { 'aria-label': 'Lanes' },
    title,
    el('p', { class: 'note' }, source + fake),
    ...lanes.map((lane) => laneView(lane)),
  );
}

/** @param {AlignedLane} lane */
function laneView({ lane, pairs, different }) {
  const found = different === 0 ? `${pairs.length} equal lines` : `${different} of ${pairs.length} lines differ`;
  const tone = different === 0 ? '' : pairs.every((pair) => pair.kind === 'equal' || isKnown(pair)) ? 'warn' : 'bad';
  const title = [el('h3', {}, lane), el('span', { class: `note ${tone}` }, found)];
  return folded({ class: 'lane', open: different > 0 }, title, () => laneTable(lane, pairs));
}

/** @param {string} lane @param {AlignedPair[]} pairs */
function laneTable(lane, pairs) {
  const heads = ['', 'Golden', 'Client'].map((name) =>
    el('th', { scope: 'col' }, name === '' ? unseen('Difference') : name),
  );
  const body = el('tbody', {}, ...runs(pairs).flatMap((run) => runRows(run)));
  const caption = el('caption', { class: 'unseen' }, `Lane ${lane}, golden beside client`);
  return el('table', { class: 'lines' }, caption, el('thead', {}, el('tr', {}, ...heads)), body);
}

const unseen = (/** @type {string} */ text) => el('span', { class: 'unseen' }, text);

/** Neighbours of one kind, equal or not, together. @param {AlignedPair[]} pairs */
function runs(pairs) {
  /** @type {AlignedPair[][]} */
  const all = [];
  for (const pair of pairs) {
    const last = all.at(-1);
    if (last !== undefined && (last[0]?.kind === 'equal') === (pair.kind === 'equal')) last.push(pair);
    else all.push([pair]);
  }
  return all;
}

/** @param {AlignedPair[]} run */
function runRows(run) {
  if (run[0]?.kind !== 'equal' || run.length <= longRun) return run.map((pair) => pairRow(pair));
  const inner = run.slice(ends, -ends);
  const open = () => {
    const rows = inner.map((pair) => pairRow(pair));
    fold.replaceWith(...rows);
    // The button is gone: without this, the keyboard would start again at the top of the page.
    rows[0]?.querySelector('summary')?.focus();
  };
  const button = el('button', { type: 'button', click: open }, `Show ${inner.length} equal lines`);
  const fold = el('tr', { class: 'fold' }, el('td', { colspan: '3' }, button));
  return [...run.slice(0, ends).map((pair) => pairRow(pair)), fold, ...run.slice(-ends).map((pair) => pairRow(pair))];
}

const isKnown = (/** @type {AlignedPair} */ { differences }) =>
  differences.length > 0 && differences.every(({ known }) => known !== undefined);

/** @param {AlignedPair} pair */
function pairRow(pair) {
  const { kind, expected, actual, differences } = pair;
  const known = isKnown(pair);
  const sign = el(
    'th',
    { scope: 'row', class: `kind ${kind}` },
    signs[kind],
    known ? el('p', { class: 'note' }, 'known') : undefined,
  );
  const leaves = differences.filter(({ difference }) => difference.kind === 'changed');
  return el(
    'tr',
    { class: known ? `${kind} explained` : kind },
    sign,
    sideCell(expected, leaves, 0),
    sideCell(actual, leaves, 1),
  );
}

/** @param {Side | undefined} side @param {AlignedPair['differences']} leaves @param {0 | 1} which golden or client */
function sideCell(side, leaves, which) {
  if (side === undefined) return el('td', { class: 'absent' }, 'no such line');
  const { ch, key, body } = side.line;
  const preview = el('span', { class: 'preview' }, JSON.stringify(body).slice(0, 160));
  const title = [el('span', { class: 'number' }, String(side.place + 1)), el('b', {}, ` ${ch} `), key, ' ', preview];
  const items = leaves.map(({ difference, known }) =>
    el(
      'li',
      {},
      el('code', { class: 'path' }, pointer(difference.path, ch, key)),
      known === undefined ? undefined : el('span', { class: 'note' }, ` known: ${known}`),
      el('div', {}, valuePair(difference.expected, difference.actual)[which]),
    ),
  );
  return el(
    'td',
    {},
    folded({}, title, () => jsonBlock(body)),
    items.length === 0 ? undefined : el('ul', { class: 'leaves' }, ...items),
  );
}

/** The part of a difference's path inside its line. @param {string} path @param {string} ch @param {string} key */
const pointer = (path, ch, key) =>
  path.startsWith(`${ch}:${key}`) ? path.slice(ch.length + 1 + key.length) || '/' : path;
