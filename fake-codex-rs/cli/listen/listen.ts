import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { FakeError } from '../../fake-error.ts';
import type { Exit } from '../../replay/player.ts';
import { longestFrame } from '../../wire/websocket/frame-reader.ts';
import { acceptance, handshakeRefusal, type Refusal } from '../../wire/websocket/handshake.ts';
import { Connections, type ConnectionsOptions } from './connections.ts';
import { hostAndPort, isLoopback, type ListenTarget } from './listen-url.ts';
import { bound, listenOnUnix, ownSocket } from './sockets.ts';
import { type WsAuth, wsAuth } from './ws-auth.ts';

/** How an app-server that is not on stdio was started. */
export interface Listen {
  target: Exclude<ListenTarget, { kind: 'stdio' }>;
  /** The engine's `--ws-…` flags. */
  auth: ReadonlyMap<string, string>;
}

/**
 * Serves WebSocket connections until a signal ends the process or what it plays makes it exit. Stdin is not read.
 * @param say writes to stderr
 * @throws FakeError (exit 1, the engine's words) if it cannot listen, and whatever a play throws
 */
export async function listen(
  { target, auth }: Listen,
  options: ConnectionsOptions,
  say: (text: string) => void,
): Promise<Exit> {
  if (target.kind === 'off') throw refused('no transport configured; use --listen or enable remote control');
  const check = await wsAuth(auth);
  if (target.kind === 'ws' && check === undefined && !isLoopback(target.host)) {
    const where = hostAndPort(target.host, target.port);
    const remedy = 'configure `--ws-auth capability-token` or `--ws-auth signed-bearer-token`';
    throw refused(`refusing to start non-loopback websocket listener ${where} without auth; ${remedy}`);
  }
  const { createServer } = await import('node:http');
  const server = createServer();
  const connections = new Connections(options);
  if (target.kind === 'unix') {
    serveUnix(server, connections);
    await listenOnUnix(server, target.path ?? ownSocket());
  } else {
    serveTcp(server, connections, check);
    await bound(server, { host: target.host, port: target.port });
    say(banner(hostAndPort(target.host, (server.address() as AddressInfo).port), isLoopback(target.host)));
  }
  return connections.left;
}

function banner(where: string, loopback: boolean): string {
  const note = loopback
    ? 'binds localhost only (use SSH port-forwarding for remote access)'
    : 'websocket auth is required for non-localhost listeners';
  return `codex app-server (WebSockets)
  listening on: ws://${where}
  readyz: http://${where}/readyz
  healthz: http://${where}/healthz
  note: ${note}
`;
}

const refused = (text: string): FakeError => new FakeError(`Error: ${text}`, { exitCode: 1, asEngine: true });

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
