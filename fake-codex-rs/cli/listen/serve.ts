import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { longestFrame } from '../../wire/websocket/frame-reader.ts';
import { acceptance, handshakeRefusal, type Refusal } from '../../wire/websocket/handshake.ts';
import type { Connections } from './connections.ts';
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

/** On its unix socket the engine speaks nothing but WebSocket, and cuts whatever else comes. Origins are not asked for. */
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

/** What a listener on TCP answers to a request; undefined where it becomes a WebSocket connection, whatever its path. */
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
 * Makes WebSocket connections of the requests that ask for it.
 * @param extra header lines beside those of every such answer
 * @param takes false where it has answered the request otherwise
 */
function onUpgrade(
  server: Server,
  connections: Connections,
  extra: readonly string[],
  takes: (request: IncomingMessage, socket: Socket) => boolean,
): void {
  server.on('upgrade', async (request, stream, head) => {
    const socket = stream as Socket;
    // Whoever goes away before its answer is no error of ours.
    socket.on('error', () => {});
    if (!takes(request, socket)) return;
    socket.setNoDelay(true);
    socket.write(await acceptance(request.headers['sec-websocket-key'] ?? '', extra));
    connections.add(socket, head);
  });
}
