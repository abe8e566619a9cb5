// @ts-check
import { inspect } from 'node:util';

/** Errors whose message says all: what was being done, what was expected, what came. */
const told = new Set(['UsageError', 'BootstrapError', 'EngineError', 'CLIError']);

/**
 * Says an error with its causes, each on lines of its own. One that nobody has foreseen comes with its stack.
 * @param {unknown} error
 * @param {Pick<import('./output.mjs').Output, 'note'>} output
 * @returns {number} the exit code: 2 for a command line that cannot be understood, else 1
 */
export function tellError(error, output) {
  if (!(error instanceof Error) || isBug(error)) {
    output.note(...inspect(error).split('\n'));
    return 1;
  }
  let at = /** @type {unknown} */ (error);
  for (let depth = 0; at instanceof Error && depth < 5; depth += 1) {
    const [first = '', ...rest] = at.message.split(/\r?\n/);
    output.note(`${depth === 0 ? 'error' : '  because'}: ${first}`, ...rest.map((line) => `    ${line}`));
    at = at.cause;
  }
  return error.name === 'UsageError' || error.name === 'CLIError' ? 2 : 1;
}

/** Node's own classes say that a program is wrong, not its input. @param {Error} error */
const isBug = (error) =>
  !told.has(error.name) && [TypeError, ReferenceError, RangeError, SyntaxError].some((kind) => error instanceof kind);
