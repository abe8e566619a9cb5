import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** An HTTP server on 127.0.0.1 at a free port. */
export interface LoopbackServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Ends every open connection at once and frees the port. Idempotent. */
  close(): Promise<void>;
}

/**
 * @param onUpgrade takes over connections that want another protocol, and ends them before `close()`; without it they are requests like others
 * @throws Error when the port cannot be opened.
 */
export async function startLoopbackServer(
  listener: RequestListener,
  onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
): Promise<LoopbackServer> {
  // No limit on a request's duration: a held answer stays open for as long as the scenario wants.
  const server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 }, (request, response) => {
    response.sendDate = false;
    listener(request, response);
  });
  if (onUpgrade !== undefined) server.on('upgrade', onUpgrade);
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
    url: `http://127.0.0.1:${port}`,
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
