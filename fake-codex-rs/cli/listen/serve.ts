import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { longestFrame } from '../../wire/websocket/frame-reader.ts';
import { acceptance, handshakeRefusal, type Refusal } from '../../wire/websocket/handshake.ts';
import type { Connections } from './connections.ts';
import type { WsAuth } from './ws-auth.ts';

/** What a listener on TCP does with requests: the health pages, WebSocket, and the engine's refusals. */
export function serveTcp(server: Server, connections: Connections, auth: WsAuth | undefined): void {
  server.on('request', (request, response) => {
    // Requests for an upgrade do not get here: there is always a reason to refuse one.
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

/** Importing Node's own names of status codes would load its server for runs on stdio too. */
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

/** On its unix socket the engine speaks only WebSocket, and cuts any other connection. It does not check origins. */
export function serveUnix(server: Server, connections: Connections): void {
  server.on('request', (request) => request.socket.destroy());
  server.on('clientError', (_error, socket) => socket.destroy());
  const extra = [`x-codex-websocket-max-unfragmented-message-bytes: ${longestFrame}`];
  onUpgrade(server, connections, extra, (request, socket) => {
    if (handshakeRefusal(request.headers) === undefined) return true;
    socket.destroy();
    return false;
  });
}

/**
 * What a TCP listener answers to a request; undefined if the request becomes a WebSocket connection, whatever its path.
 */
function httpAnswer(
  { method, url, headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  auth: WsAuth | undefined,
): Refusal | undefined {
  // A page in a browser must not reach the engine: only browsers send this header.
  if (headers.origin !== undefined) return { status: 403 };
  const path = url?.replace(/\?.*/, '');
  if (path === '/healthz' || path === '/readyz') return { status: method === 'GET' || method === 'HEAD' ? 200 : 405 };
  if (method !== 'GET') return { status: 405, body: 'Request method must be `GET`' };
  return handshakeRefusal(headers) ?? auth?.(headers.authorization);
}

/**
 * Turns requests for an upgrade into WebSocket connections.
 * @param extra additional header lines for every such answer
 * @param takes returns false if it has answered the request itself
 */
function onUpgrade(
  server: Server,
  connections: Connections,
  extra: readonly string[],
  takes: (request: IncomingMessage, socket: Socket) => boolean,
): void {
  server.on('upgrade', async (request, stream, head) => {
    const socket = stream as Socket;
    // A client that leaves before its answer is not our error.
    socket.on('error', () => {});
    if (!takes(request, socket)) return;
    socket.setNoDelay(true);
    socket.write(await acceptance(request.headers['sec-websocket-key'] ?? '', extra));
    connections.add(socket, head);
  });
}
