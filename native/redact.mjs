// @ts-check

/**
 * Hides credentials inside URLs and `token=…`-like pairs: npm and pip quote the registry's address in their messages.
 * @param {string} text
 */
export function redact(text) {
  return text
    .replace(/(\w+:\/\/)[^\s/@]+@/g, '$1***@')
    .replace(/((?:_authToken|_auth|_password|token|password)\s*[=:]\s*)\S+/gi, '$1***');
}
