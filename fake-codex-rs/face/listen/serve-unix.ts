import type { Server } from 'node:http';
import { longestFrame } from '../../wire/websocket/frame-reader.ts';
import { handshakeRefusal } from '../../wire/websocket/handshake.ts';
import type { Connections } from './connections.ts';
import { onUpgrade } from './on-upgrade.ts';

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
