import { createHash } from 'node:crypto';

/** The head of the answer with which a server becomes a WebSocket, to the head of a request (RFC 6455, 4.2.2). */
export function acceptingHead(request: string, more: Readonly<Record<string, string>> = {}): string {
  const key = /sec-websocket-key: (.*)\r\n/i.exec(request)?.[1];
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const headers = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-accept': accept, ...more };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 101 x\r\n${lines.join('')}\r\n`;
}
