import type { Server } from 'node:http';
import type { Refusal } from '../../wire/websocket/handshake.ts';
import type { Connections } from './connections.ts';
import { httpAnswer } from './http-answer.ts';
import { onUpgrade } from './on-upgrade.ts';
import type { WsAuth } from './ws-auth.ts';

/** What a listener on TCP does with requests: the health pages, WebSocket, and the engine's refusals. */
export function serveTcp(server: Server, connections: Connections, auth: WsAuth | undefined): void {
  server.on('request', (request, response) => {
    // What asks for an upgrade does not come here: something always speaks against a connection.
    const answer = httpAnswer(request, auth) ?? { status: 400 };
    response.writeHead(answer.status, headersOf(answer)).end(answer.body);
  });
  onUpgrade(server, connections, [], (request, socket) => {
    const answer = httpAnswer(request, auth);
    if (answer === undefined) return true;
    const headers = Object.entries({ ...headersOf(answer), connection: 'close' });
    const lines = [
      `HTTP/1.1 ${answer.status} ${reasons[answer.status]}`,
      ...headers.map(([key, value]) => `${key}: ${value}`),
    ];
    socket.end(`${lines.join('\r\n')}\r\n\r\n${answer.body ?? ''}`);
    return false;
  });
}

/** Node's own names of codes would load its server for runs on stdio too. */
const reasons: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  405: 'Method Not Allowed',
};

function headersOf({ status, body }: Refusal): Record<string, string | number> {
  return {
    ...(body !== undefined && { 'content-type': 'text/plain; charset=utf-8' }),
    ...(status === 405 && body === undefined && { allow: 'GET,HEAD' }),
    'content-length': Buffer.byteLength(body ?? ''),
  };
}
