// @ts-check

import { expectedGot } from '../../native/expected-got.mjs';
import { redact } from '../../native/redact.mjs';

/** Set-up could not be done: one sentence that names the action, what would make it work and what was there. */
export class BootstrapError extends Error {
  /**
   * @param {string} action what was being done, as a gerund: "installing packages (npm ci)"
   * @param {string} expected what would make it work
   * @param {string} got what was there or happened instead; credentials in it are hidden
   * @param {{ cause?: unknown }} [options]
   */
  constructor(action, expected, got, options) {
    super(expectedGot(action, expected, redact(got)), options);
    this.name = 'BootstrapError';
    /** The user stopped it: what comes after must not go on without what is missing. */
    this.interrupted = false;
  }

  /** @param {string} action @param {{ expected: string, got: string }} failure */
  static of(action, { expected, got }) {
    return new BootstrapError(action, expected, got);
  }

  /** An error that says all: its message stays as it is. @param {Error} error */
  static from(error) {
    const made = new BootstrapError('setting up', 'nothing to fail', error.name, { cause: error });
    made.message = redact(error.message);
    return made;
  }
}
