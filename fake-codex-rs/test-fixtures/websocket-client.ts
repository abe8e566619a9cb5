import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Where a listener is: `{host, port}` or `{path}`. */
export type Address = { host: string; port: number } | { path: string };

/** How the other side ended: the code and reason of its close frame, `undefined` where it gave none. */
export interface Ended {
  code: number | undefined;
  reason: string;
}

/** The least WebSocket client. It shares nothing with the server under test: what both had wrong would not be seen. */
export interface TestClient {
  /** The head of the answer to the upgrade. */
  head: string;
  /** One text message, in fragments of these sizes and one more for the rest. */
  send(text: string, ...sizes: number[]): void;
  /** Bytes as they stand, frames or not. */
  sendBytes(bytes: Buffer): void;
  /** The next text message as its fragments. Rejects when there is none any more. */
  nextFragments(): Promise<Buffer[]>;
  next(): Promise<string>;
  /** Payloads of pongs, as they came. */
  pongs: string[];
  close(): void;
  ended: Promise<Ended>;
}

/** @throws Error with the whole answer when it is not 101. */
export async function connectWebSocket(to: Address, headers: Record<string, string> = {}): Promise<TestClient> {
  const socket = connect(to);
  await once(socket, 'connect');
  const needed = { ...upgrade, ...headers };
  socket.write(requestText('GET', '/', needed));
  const { head, rest } = await readHead(socket);
  if (!head.startsWith('HTTP/1.1 101 ')) {
    socket.destroy();
    throw new Error(head);
  }
  return client(socket, head, rest);
}

/** Sends bytes, and gives all that comes back until the other side ends the connection. */
export async function rawAnswer(to: Address, bytes: string): Promise<string> {
  const socket = connect(to);
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.write(bytes);
  await closed;
  return answer;
}

/** An HTTP request as text; the answer ends with its connection. */
export const httpText = (method: string, path: string, headers: Record<string, string> = {}): string =>
  requestText(method, path, { connection: 'close', ...headers });

/** A request for an upgrade, with headers put in or (empty) left out. */
export const upgradeText = (headers: Record<string, string> = {}, path = '/'): string =>
  requestText('GET', path, { ...upgrade, ...headers });

/** One frame of a client; masked unless stated. */
export function clientFrame(first: number, payload: Buffer, masked = true): Buffer {
  const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
  const { length } = payload;
  const size = Buffer.alloc(length < 126 ? 1 : length < 65536 ? 3 : 9);
  size[0] = length < 126 ? length : length < 65536 ? 126 : 127;
  if (size.length === 3) size.writeUInt16BE(length, 1);
  if (size.length === 9) size.writeBigUInt64BE(BigInt(length), 1);
  if (!masked) return Buffer.concat([Buffer.from([first]), size, payload]);
  size[0] |= 0x80;
  const hidden = Buffer.from(payload);
  for (let at = 0; at < length; at += 1) hidden[at] = (hidden[at] as number) ^ (mask[at % 4] as number);
  return Buffer.concat([Buffer.from([first]), size, mask, hidden]);
}

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

function requestText(method: string, path: string, headers: Record<string, string>): string {
  const lines = Object.entries(headers).filter(([, value]) => value !== '');
  return `${method} ${path} HTTP/1.1\r\nHost: x\r\n${lines.map(([key, value]) => `${key}: ${value}\r\n`).join('')}\r\n`;
}

async function readHead(socket: Socket): Promise<{ head: string; rest: Buffer }> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const at = bytes.indexOf('\r\n\r\n');
    if (at >= 0) return { head: bytes.toString('latin1', 0, at), rest: bytes.subarray(at + 4) };
    const [chunk] = await Promise.race([once(socket, 'data'), once(socket, 'end')]);
    if (chunk === undefined) return { head: bytes.toString('latin1'), rest: Buffer.alloc(0) };
    bytes = Buffer.concat([bytes, chunk]);
  }
}

function client(socket: Socket, head: string, rest: Buffer): TestClient {
  const messages: Buffer[][] = [];
  const pongs: string[] = [];
  let fragments: Buffer[] = [];
  let held: Buffer[] = [rest];
  let length = rest.length;
  let needed = 2;
  let closing: Ended = { code: undefined, reason: '' };
  let over = false;
  let wake = () => {};
  const take = (fin: boolean, op: number, payload: Buffer) => {
    if (op === 8) closing = { code: payload.readUInt16BE(0), reason: payload.toString('utf8', 2) };
    else if (op === 10) pongs.push(payload.toString());
    else fragments.push(payload);
    if (op > 2 || !fin) return;
    messages.push(fragments);
    fragments = [];
  };
  const read = () => {
    while (length >= needed) {
      const bytes = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held);
      const short = bytes.readUInt8(1) & 127;
      const start = short === 126 ? 4 : short === 127 ? 10 : 2;
      const size =
        length < start
          ? 0
          : short === 126
            ? bytes.readUInt16BE(2)
            : short === 127
              ? Number(bytes.readBigUInt64BE(2))
              : short;
      held = [bytes];
      needed = start + size;
      if (length < needed) continue;
      take(bytes.readUInt8(0) > 127, bytes.readUInt8(0) & 15, bytes.subarray(start, needed));
      held = [bytes.subarray(needed)];
      length -= needed;
      needed = 2;
    }
    wake();
  };
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    held.push(chunk);
    length += chunk.length;
    read();
  });
  const ended = new Promise<Ended>((resolve) => {
    socket.on('close', () => {
      over = true;
      resolve(closing);
      wake();
    });
  });
  read();
  const nextFragments = async () => {
    while (messages.length === 0) {
      if (over) throw new Error(`no message any more; closed with ${closing.code ?? 'no code'} ${closing.reason}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return messages.shift() as Buffer[];
  };
  return {
    head,
    send(text, ...sizes) {
      const bytes = Buffer.from(text);
      let from = 0;
      for (const size of sizes) {
        socket.write(clientFrame(from === 0 ? 1 : 0, bytes.subarray(from, from + size)));
        from += size;
      }
      socket.write(clientFrame(0x80 | (from === 0 ? 1 : 0), bytes.subarray(from)));
    },
    sendBytes: (bytes) => void socket.write(bytes),
    nextFragments,
    next: async () => Buffer.concat(await nextFragments()).toString(),
    pongs,
    close: () => void socket.write(clientFrame(0x88, Buffer.from([0x03, 0xe8]))),
    ended,
  };
}
