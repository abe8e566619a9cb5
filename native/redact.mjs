// @ts-check

/**
 * Hides credentials inside URLs and in pairs like `token=…`, because npm and pip quote the registry's URL in their
 * messages.
 * @param {string} text
 */
export function redact(text) {
  return text
    .replace(/(\w+:\/\/)[^\s/@]+@/g, '$1***@')
    .replace(/((?:_authToken|_auth|_password|token|password)\s*[=:]\s*)\S+/gi, '$1***');
}
