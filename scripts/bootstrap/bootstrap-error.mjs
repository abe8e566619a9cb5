// @ts-check

import { expectedGot } from '../../native/expected-got.mjs';

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
}

/**
 * Hides credentials inside URLs and `token=…`-like pairs: npm and pip quote the registry's address in their messages.
 * @param {string} text
 */
export function redact(text) {
  return text
    .replace(/(\w+:\/\/)[^\s/@]+@/g, '$1***@')
    .replace(/((?:_authToken|_auth|_password|token|password)\s*[=:]\s*)\S+/gi, '$1***');
}
