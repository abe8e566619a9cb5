/** What the engine's word for the cause of a failed turn (`codexErrorInfo`) says. Words that are not here say nothing. */

const passing: ReadonlySet<string | undefined> = new Set([
  'serverOverloaded',
  'internalServerError',
  'rateLimitExceeded',
  'flexUnavailable',
  'httpConnectionFailed',
  'responseStreamConnectionFailed',
  'responseStreamDisconnected',
  'responseTooManyFailedAttempts',
]);

/** The word, and the HTTP status that comes with some; 0: none does. */
function read(info: unknown): { word: string | undefined; status: number } {
  if (typeof info === 'string') return { word: info, status: 0 };
  const [word, detail] = Object.entries(info ?? {})[0] ?? [];
  const status: unknown = (detail as { httpStatusCode?: unknown } | null | undefined)?.httpStatusCode;
  return { word, status: typeof status === 'number' ? status : 0 };
}

/** Whether the login or the key was refused. The engine says `unauthorized` of its own provider, and the status of any other. */
export function isRefusedLogin(info: unknown): boolean {
  const { word, status } = read(info);
  return word === 'unauthorized' || status === 401;
}

/** Whether the same turn may succeed later: the model's service was out of reach, at its limit or out of order. */
export function isPassing(info: unknown): boolean {
  const { word, status } = read(info);
  const refused = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return passing.has(word) && !refused;
}
