/** @import { JsonValue } from '../../../../testing/scripted-model/types.ts' */
import { el, folded } from './dom.js';

const shortest = 240;

/** A JSON value; a long one folded. @param {JsonValue | undefined} value */
export function valueView(value) {
  if (value === undefined) return el('span', { class: 'absent' }, 'absent');
  const text = JSON.stringify(value);
  if (text.length <= shortest) return el('code', {}, text);
  const label = `${text.slice(0, shortest)}… (${text.length} characters)`;
  return folded({ class: 'long' }, [el('code', {}, label)], () => jsonBlock(value));
}

/** A JSON value over several lines. @param {JsonValue} value */
export const jsonBlock = (value) => el('pre', { tabindex: '0' }, JSON.stringify(value, null, 2));

/**
 * Two values that differ; of long texts the part around the first difference.
 * @param {JsonValue | undefined} expected @param {JsonValue | undefined} actual
 */
export function valuePair(expected, actual) {
  const [from, to] = bothLong(expected, actual) ? aroundFirstDifference(expected, actual) : [undefined, undefined];
  const side = (/** @type {JsonValue | undefined} */ value, /** @type {string | undefined} */ part) =>
    part === undefined
      ? valueView(value)
      : el(
          'div',
          {},
          el('code', {}, part),
          folded({}, [`whole text, ${String(value).length} characters`], () => jsonBlock(value ?? null)),
        );
  return [side(expected, from), side(actual, to)];
}

/** @param {unknown} expected @param {unknown} actual */
const bothLong = (expected, actual) =>
  typeof expected === 'string' && typeof actual === 'string' && Math.max(expected.length, actual.length) > shortest;

/** @param {unknown} expected @param {unknown} actual */
function aroundFirstDifference(expected, actual) {
  const [left, right] = [String(expected), String(actual)];
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  const from = Math.max(0, at - shortest / 4);
  return [left, right].map(
    (text) => `${from > 0 ? '…' : ''}${text.slice(from, from + shortest)}${from + shortest < text.length ? '…' : ''}`,
  );
}
