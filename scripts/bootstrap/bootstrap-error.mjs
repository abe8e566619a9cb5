// @ts-check

/** Set-up could not be done: one sentence that names the action, what was seen and what is wanted. */
export class BootstrapError extends Error {
  /**
   * @param {string} action what was being done, as a gerund: "installing packages (npm ci)"
   * @param {string} seen what happened
   * @param {string} wanted what would make it work
   * @param {{ cause?: unknown }} [options]
   */
  constructor(action, seen, wanted, options) {
    super(`Set-up stopped while ${action}: ${redact(seen)}; wanted: ${wanted}.`, options);
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
