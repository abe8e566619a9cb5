/** @import { NormalisedLine } from '../../../normalise/types.ts' */
/** @import { ReportCell, ReportDifference, ReportGolden, ReportModel } from '../../model.ts' */
import { align } from '../../../compare/align.ts';
import { channelsWithoutFake } from '../../../compare/compare.ts';

/**
 * @typedef {{ line: NormalisedLine, row: number, place: number }} Side
 * @typedef {{ kind: 'equal' | 'changed' | 'missing' | 'extra', expected: Side | undefined, actual: Side | undefined,
 *   differences: { difference: ReportDifference, known: string | undefined }[] }} AlignedPair
 * @typedef {{ lane: string, pairs: AlignedPair[], different: number }} AlignedLane
 */

/**
 * The lanes of a cell beside its golden's, aligned as the comparison aligned them; lanes with differences first.
 * @param {ReportModel} model @param {ReportCell} cell @param {ReportGolden | undefined} golden
 * @returns {AlignedLane[]}
 */
export function alignLanes(model, cell, golden) {
  const ignored = cell.engine === 'fake' ? channelsWithoutFake : new Set();
  const sides = (/** @type {number | undefined} */ sequence) =>
    (sequence === undefined ? [] : (model.sequences[sequence] ?? []))
      .map((row) => ({ row, line: /** @type {NormalisedLine} */ (model.rows[row]) }))
      .filter(({ line }) => !ignored.has(line.ch))
      .map((side, place) => ({ ...side, place }));
  const expected = new Map(golden?.lanes);
  const actual = new Map([...expected, ...(cell.lanes ?? [])]);
  const marks = marksOf(model, cell);
  return [...actual.keys()]
    .map((lane) => {
      const pairs = align(sides(expected.get(lane)), sides(actual.get(lane)), sameKind, sameRow).map((pair) =>
        mark(pair, lane, marks),
      );
      return { lane, pairs, different: pairs.filter(({ kind }) => kind !== 'equal').length };
    })
    .filter(({ pairs }) => pairs.length > 0)
    .sort((a, b) => Number(b.different > 0) - Number(a.different > 0));
}

const sameKind = (/** @type {Side} */ a, /** @type {Side} */ b) => a.line.ch === b.line.ch && a.line.key === b.line.key;
const sameRow = (/** @type {Side} */ a, /** @type {Side} */ b) => a.row === b.row;

/** @typedef {Map<string, AlignedPair['differences']>} Marks */

const place = (
  /** @type {string} */ lane,
  /** @type {number | undefined} */ expected,
  /** @type {number | undefined} */ actual,
) => JSON.stringify([lane, expected ?? null, actual ?? null]);

/** @param {ReportModel} model @param {ReportCell} cell */
function marksOf(model, cell) {
  /** @type {Marks} */
  const marks = new Map();
  const add = (/** @type {number} */ index, /** @type {string | undefined} */ known) => {
    const difference = /** @type {ReportDifference} */ (model.differences[index]);
    const at = place(difference.lane, difference.expectedAt, difference.actualAt);
    marks.set(at, [...(marks.get(at) ?? []), { difference, known }]);
  };
  for (const index of cell.unexplained) add(index, undefined);
  for (const [id, index] of cell.known) add(index, id);
  return marks;
}

/** @param {{ expected: Side | undefined, actual: Side | undefined }} pair @param {string} lane @param {Marks} marks @returns {AlignedPair} */
function mark({ expected, actual }, lane, marks) {
  const kind =
    actual === undefined
      ? 'missing'
      : expected === undefined
        ? 'extra'
        : expected.row === actual.row
          ? 'equal'
          : 'changed';
  return { kind, expected, actual, differences: marks.get(place(lane, expected?.place, actual?.place)) ?? [] };
}
