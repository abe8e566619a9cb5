import type { ServerResponse } from 'node:http';
import type { JsonValue } from '../json/json.ts';

/** Sends a whole body and ends the answer: text as it is, anything else as JSON. */
export function sendBody(
  response: ServerResponse,
  status: number,
  body: JsonValue,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
