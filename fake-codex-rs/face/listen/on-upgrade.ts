import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { acceptance } from '../../wire/websocket/handshake.ts';
import type { Connections } from './connections.ts';

/**
 * Makes WebSocket connections of the requests that ask for it.
 * @param extra header lines beside those of every such answer
 * @param takes false where it has answered the request otherwise
 */
export function onUpgrade(
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
