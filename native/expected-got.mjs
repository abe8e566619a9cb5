// @ts-check

/**
 * The form of every error text in this project: what was being done, what was expected, what came instead, what to do.
 * `expectedGot('reading engine.lock.json', 'JSON', 'a file cut at byte 40', 'Restore it with git')` gives
 * "Reading engine.lock.json: expected JSON, got a file cut at byte 40. Restore it with git."
 * @param {string} doing the action, as a gerund
 * @param {string} expected
 * @param {string} got cut it yourself where it can be long
 * @param {string} [advice] what to do about it, as a sentence without its full stop
 * @returns {string}
 */
export function expectedGot(doing, expected, got, advice) {
  const action = doing.slice(0, 1).toUpperCase() + doing.slice(1);
  const end = advice === undefined ? '' : ` ${advice}.`;
  return `${action}: expected ${expected}, got ${got}.${end}`;
}
