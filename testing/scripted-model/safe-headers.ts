import type { IncomingHttpHeaders } from 'node:http';

/** Headers that say how the engine asks. Everything else (authorization, cookies, what a proxy adds) stays behind. */
const allowed = new Set([
  'accept',
  'content-encoding',
  'content-type',
  'openai-beta',
  'originator',
  'session-id',
  'session_id',
  'thread-id',
  'user-agent',
  'version',
]);

/** The allow-listed headers in lower case; the engine's own `x-codex-*` and `x-openai-*` ones are among them. */
export function safeHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const safe: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || !(allowed.has(name) || /^x-(codex|openai)-/.test(name))) continue;
    safe[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return safe;
}
