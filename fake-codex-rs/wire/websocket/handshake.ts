import type { IncomingHttpHeaders } from 'node:http';

/** The answer to an HTTP request that does not become a WebSocket connection. */
export interface Refusal {
  status: number;
  /** Plain text; without it the answer has no body. */
  body?: string;
}

/** What every WebSocket server appends to the key (RFC 6455, 1.3). */
const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Why a GET cannot become a WebSocket connection, in the engine's words and order; undefined if it can. */
export function handshakeRefusal(headers: IncomingHttpHeaders): Refusal | undefined {
  const holds = (value: string | undefined, word: string) =>
    value?.split(',').some((part) => part.trim().toLowerCase() === word) === true;
  if (!holds(headers.connection, 'upgrade')) return refused("Connection header did not include 'upgrade'");
  if (!holds(headers.upgrade, 'websocket')) return refused("`Upgrade` header did not include 'websocket'");
  if (headers['sec-websocket-version'] !== '13') return refused("`Sec-WebSocket-Version` header did not include '13'");
  if (headers['sec-websocket-key'] === undefined) return refused('`Sec-WebSocket-Key` header missing');
  return undefined;
}

/** The complete answer that turns the connection into a WebSocket. `extra`: additional header lines of one listener. */
export async function acceptance(key: string, extra: readonly string[] = []): Promise<string> {
  const { createHash } = await import('node:crypto');
  const accept = createHash('sha1').update(`${key}${magic}`).digest('base64');
  return [
    'HTTP/1.1 101 Switching Protocols',
    'connection: upgrade',
    'upgrade: websocket',
    `sec-websocket-accept: ${accept}`,
    ...extra,
    '\r\n',
  ].join('\r\n');
}

const refused = (body: string): Refusal => ({ status: 400, body });
