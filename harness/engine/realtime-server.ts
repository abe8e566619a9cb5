import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { JsonObject } from '../../testing/json/json.ts';
import { writeJson } from '../../testing/json/write-json.ts';

/** What the realtime endpoint answers to each event of the engine, by event type. */
export type RealtimeScript = Readonly<Record<string, readonly JsonObject[]>>;

/**
 * The realtime endpoint of a cell: WebSocket on the model's own server, where the engine looks for it below the
 * provider's URL.
 */
interface RealtimeServer {
  /** For the server's `upgrade`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends every conversation. */
  close(): void;
}

const protocolId = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const text = 0x1;
const close = 0x8;
const ping = 0x9;
const pong = 0xa;

export function createRealtimeServer(script: RealtimeScript): RealtimeServer {
  const sockets = new Set<Duplex>();
  return {
    upgrade(request, socket, head) {
      const key = request.headers['sec-websocket-key'];
      socket.on('error', () => socket.destroy());
      if (key === undefined) return void socket.destroy();
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      const accept = createHash('sha1').update(`${key}${protocolId}`).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      let rest = head;
      const read = (chunk: Buffer) => {
        rest = Buffer.concat([rest, chunk]);
        for (let frame = firstFrame(rest); frame !== undefined; frame = firstFrame(rest)) {
          rest = rest.subarray(frame.length);
          answer(socket, frame, script);
        }
      };
      read(Buffer.alloc(0));
      socket.on('data', read);
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

interface Frame {
  kind: number;
  payload: Buffer;
  /** Bytes of the whole frame. */
  length: number;
}

function answer(socket: Duplex, { kind, payload }: Frame, script: RealtimeScript): void {
  if (kind === close) return void socket.end(frameOf(close, payload));
  if (kind === ping) return void socket.write(frameOf(pong, payload));
  if (kind !== text) return;
  const { type } = JSON.parse(payload.toString('utf8')) as { type?: string };
  for (const event of script[type ?? ''] ?? []) socket.write(frameOf(text, Buffer.from(writeJson(event))));
}

/**
 * The first frame in the bytes, once it is complete. A client's frames are masked, and the engine's are never
 * fragmented.
 */
function firstFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const start = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
  if (bytes.length < start + 4) return undefined;
  const size = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const length = start + 4 + size;
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(start, start + 4);
  const payload = Buffer.from(bytes.subarray(start + 4, length));
  for (const [index, byte] of payload.entries()) payload.writeUInt8(byte ^ mask.readUInt8(index % 4), index);
  return { kind: bytes.readUInt8(0) & 0x0f, payload, length };
}

function frameOf(kind: number, payload: Buffer): Buffer {
  const size = payload.length;
  const head = Buffer.alloc(size < 126 ? 2 : 4);
  head.writeUInt8(0x80 | kind, 0);
  head.writeUInt8(Math.min(size, 126), 1);
  if (size >= 126) head.writeUInt16BE(size, 2);
  return Buffer.concat([head, payload]);
}
