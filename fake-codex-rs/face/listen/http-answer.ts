import type { IncomingMessage } from 'node:http';
import { handshakeRefusal, type Refusal } from '../../wire/websocket/handshake.ts';
import type { WsAuth } from './ws-auth.ts';

/** What a listener on TCP answers to a request; undefined where it becomes a WebSocket connection, whatever its path. */
export function httpAnswer(
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
