import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * An HTTP server on 127.0.0.1 at a free port, for those who know its address, because every user of the machine can
 * find a port.
 */
export interface LoopbackServer {
  /** `http://127.0.0.1:PORT/TOKEN`, without a trailing slash; append the path. */
  readonly url: string;
  readonly port: number;
  /** Ends every open connection at once and frees the port. May be called twice. */
  close(): Promise<void>;
}

/** Length of the token in bytes. The token is the server's secret. */
const tokenBytes = 32;

/**
 * @param listener never sees a request whose path does not start with the token (it gets 404), and sees the path
 * without it
 * @param onUpgrade takes over connections that want another protocol, and ends them before `close()`; without it they
 * are ordinary requests
 * @throws Error if the port cannot be opened
 */
export async function startLoopbackServer(
  listener: RequestListener,
  onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
): Promise<LoopbackServer> {
  // No limit on a request's duration: a held answer stays open as long as the scenario wants.
  const token = randomBytes(tokenBytes).toString('hex');
  const server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 }, (request, response) => {
    response.sendDate = false;
    if (takeToken(request, token)) return listener(request, response);
    request.resume();
    response.writeHead(404).end();
  });
  if (onUpgrade !== undefined)
    server.on('upgrade', (request, socket, head) => {
      if (takeToken(request, token)) return onUpgrade(request, socket, head);
      socket.destroy();
    });
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Error('Starting a server on 127.0.0.1: no port could be opened', { cause });
  }
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${port}/${token}`,
    port,
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closed;
    },
  };
}

/** Whether the request's path starts with the token, which is then removed. */
function takeToken(request: IncomingMessage, token: string): boolean {
  const { url = '' } = request;
  const end = token.length + 1;
  const given = Buffer.from(url.slice(1, end), 'latin1');
  const expected = Buffer.from(token, 'latin1');
  if (url[0] !== '/' || given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  const rest = url.slice(end);
  if (rest !== '' && rest[0] !== '/' && rest[0] !== '?') return false;
  request.url = rest[0] === '/' ? rest : `/${rest}`;
  return true;
}
