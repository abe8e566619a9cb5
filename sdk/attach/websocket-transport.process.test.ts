import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { Codex } from '../index.ts';
import { acceptingHead } from '../test-fixtures/websocket-server.ts';
import type { Line } from '../transport/line-codec.ts';
import type { Transport } from '../transport/transport.ts';
import { unixSocket, webSocket } from './attach.ts';
import type { AttachOptions } from './attach-options.ts';

let folder: string;
const cleanUp: (() => unknown)[] = [];
/** For each connection of `rawServer()`: the client has let go of it. */
let released: Promise<void>[];
beforeEach(() => {
  released = [];
  folder = mkdtempSync(join(tmpdir(), 'attach-'));
});
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
  rmSync(folder, { recursive: true });
});

/** An open transport, what it has told, and the promise of its end. */
interface Opened {
  transport: Transport;
  lines: string[];
  next(): Promise<string>;
  closed: Promise<Error>;
}

async function open(transport: Transport): Promise<Opened> {
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  let told: (cause: Error) => void = () => {};
  const closed = new Promise<Error>((resolve) => {
    told = resolve;
  });
  const onLine = ({ text }: Line) => {
    const taker = waiting.shift();
    if (taker) taker(text);
    else lines.push(text);
  };
  await transport.open({ onLine, onClosed: told });
  cleanUp.push(() => transport.close());
  const next = async () => lines.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve)));
  return { transport, lines, next, closed };
}

/** A server made with the package `ws`, on TCP or on a unix socket. */
async function wsServer(kind: 'ws' | 'unix' = 'ws') {
  const http = createHttpServer();
  const path = join(folder, 's');
  if (kind === 'unix') http.listen(path);
  else http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const server = new WebSocketServer({ server: http, maxPayload: 64 * 1024 * 1024 });
  const headers: (string | undefined)[] = [];
  http.on('upgrade', (request) => headers.push(request.headers.authorization));
  cleanUp.push(() => {
    for (const client of server.clients) client.terminate();
    http.close();
  });
  const url = kind === 'unix' ? path : `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const factory = (options?: AttachOptions) => (kind === 'unix' ? unixSocket(path, options) : webSocket(url, options));
  const peers = async () => (await once(server, 'connection'))[0] as WebSocket;
  const connected = async (options?: AttachOptions) => {
    const client = peers();
    const opened = await open(factory(options)());
    return { ...opened, peer: await client };
  };
  return { connected, factory, headers, peers };
}

/** A server that answers the bytes of a request with bytes, and does nothing else. */
async function rawServer(answer: (socket: Socket, request: string) => void): Promise<string> {
  const server = createServer((socket) => {
    released.push(new Promise((resolve) => socket.once('close', () => resolve())));
    socket.on('error', () => {}).once('data', (chunk) => answer(socket, String(chunk)));
    cleanUp.push(() => void socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => void server.close());
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that becomes a WebSocket, and then says these bytes. */
const upgraded = (bytes: Buffer | undefined, then: (socket: Socket) => void = () => {}) =>
  rawServer((socket, request) => {
    socket.write(Buffer.concat([Buffer.from(acceptingHead(request)), bytes ?? Buffer.alloc(0)]), () => then(socket));
  });

test.each(['ws', 'unix'] as const)('over %s, messages of every size go both ways, whole and in order', async (kind) => {
  const { transport, next, peer } = await (await wsServer(kind)).connected();
  peer.on('message', (data) => peer.send(`back ${String(data)}`));
  const sizes = [0, 1, 125, 126, 65_535, 65_536, 20 * 1024 * 1024];
  for (const size of sizes) transport.send('é'.repeat(size));
  for (const size of sizes) expect((await next()) === `back ${'é'.repeat(size)}`).toBe(true);
});

test('a ping is answered, and messages in fragments are one line', async () => {
  const { next, peer } = await (await wsServer()).connected();
  const pong = once(peer, 'pong');
  peer.ping('p');
  expect(String((await pong)[0])).toBe('p');
  peer.send('{"a":', { fin: false });
  peer.ping();
  peer.send('1}', { fin: true });
  expect(await next()).toBe('{"a":1}');
});

test('close() ends with a close frame of code 1000, and the server goes on', async () => {
  const server = await wsServer();
  const { transport, peer, closed } = await server.connected();
  const ended = once(peer, 'close');
  await Promise.all([transport.close(), transport.close()]);
  expect((await ended)[0]).toBe(1000);
  expect(await closed).toMatchObject({ name: 'TransportClosedError', kind: 'transport-closed' });
  await server.connected();
});

test.each([
  ['a close frame', (peer: WebSocket) => peer.close(1012, 'restart'), "the server closed it with 1012: 'restart'"],
  ['a cut', (peer: WebSocket) => peer.terminate(), 'the server ended it'],
])('the end by %s is a lost connection', async (_how, end, how) => {
  const { peer, closed } = await (await wsServer()).connected();
  end(peer);
  expect(await closed).toMatchObject({ name: 'ConnectionLostError', kind: 'connection-lost', how, retryable: true });
});

test('a reset is a lost connection with the error of the system', async () => {
  const { peer, closed } = await (await wsServer()).connected();
  // Of the package, whose types do not have it.
  (peer as unknown as { _socket: Socket })._socket.resetAndDestroy();
  expect(await closed).toMatchObject({ name: 'ConnectionLostError', cause: { code: 'ECONNRESET' } });
});

test('the token is sent, and read again from its file or function for each connection', async () => {
  const { connected, headers } = await wsServer();
  const file = join(folder, 'token');
  writeFileSync(file, 'one\n');
  let count = 0;
  await connected({ token: { file } });
  writeFileSync(file, 'two\n');
  await connected({ token: { file } });
  const token = async () => `made-${++count}`;
  await connected({ token });
  await connected({ token });
  await connected();
  expect(headers).toEqual(['Bearer one', 'Bearer two', 'Bearer made-1', 'Bearer made-2', undefined]);
});

const secret = 'tok-4f0c9b1e';
test.each([
  ['a wrong token', 401, 'UnauthorizedError', false],
  ['a forbidden client', 403, 'UnauthorizedError', false],
  ['a server that is starting', 503, 'ConnectError', true],
  ['another service', 200, 'ConnectError', false],
  ['a redirect', 302, 'ConnectError', false],
])('%s (%d) is an error that says so, without the token', async (_what, status, name, retryable) => {
  const body = `no, not ${secret}`;
  const url = await rawServer((socket) =>
    socket.write(`HTTP/1.1 ${status} R\r\nlocation: ws://elsewhere\r\ncontent-length: ${body.length}\r\n\r\n${body}`),
  );
  const transport = webSocket(url, { token: secret })();
  const error = await open(transport).catch((error: unknown) => error);
  expect(error).toMatchObject({ name, status, retryable });
  expect((error as Error).message).toContain('<redacted:token>');
  expect(inspect([error, transport], { depth: 9, showHidden: true })).not.toContain(secret);
});

const long = Buffer.concat([Buffer.from([0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0]), Buffer.alloc(1000)]);
test.each<[string, () => Promise<string>, object]>([
  ['no HTTP', () => rawServer((socket) => socket.write('{"id":1}\n')), { name: 'ConnectError' }],
  [
    'a head without an end',
    () => rawServer((socket) => socket.write(`HTTP/1.1 101 x\r\na: ${'x'.repeat(99_999)}`)),
    { name: 'ConnectError' },
  ],
  ['no answer', () => rawServer(() => {}), { message: expect.stringContaining('within 200 ms'), retryable: true }],
  [
    'half an answer',
    () => rawServer((socket) => socket.write('HTTP/1.1 101 x\r\nconn')),
    { message: expect.stringContaining('within 200 ms') },
  ],
  ['an end', () => rawServer((socket) => socket.end()), { name: 'ConnectError', retryable: true }],
  ['a reset', () => rawServer((socket) => socket.resetAndDestroy()), { name: 'ConnectError', retryable: true }],
  [
    'a refusal whose text never ends',
    () => rawServer((socket) => socket.write('HTTP/1.1 500 x\r\ncontent-length: 999\r\n\r\nx')),
    { message: expect.stringContaining('within 200 ms') },
  ],
  [
    'a wrong key',
    () =>
      rawServer((socket) =>
        socket.write('HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: x\r\n\r\n'),
      ),
    { message: expect.stringContaining('Sec-WebSocket-Accept') },
  ],
  [
    'another protocol',
    () => rawServer((socket) => socket.write('HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n')),
    { message: expect.stringContaining('another protocol') },
  ],
  ['101 and no protocol', () => rawServer((socket) => socket.write('HTTP/1.1 101 x\r\n\r\n')), { status: 101 }],
  [
    'an extension',
    () =>
      rawServer((socket, request) =>
        socket.write(acceptingHead(request, { 'sec-websocket-extensions': 'permessage-deflate' })),
      ),
    { message: expect.stringContaining('extension') },
  ],
])('a server that answers with %s: a clear error, and no socket is left', async (_what, server, expected) => {
  const transport = webSocket(await server(), { connectTimeoutMs: 200 })();
  await expect(open(transport)).rejects.toMatchObject(expected);
  await Promise.all(released);
});

test.each<[string, Buffer | undefined, object, ((socket: Socket) => void)?]>([
  ['a frame of 4 GB', long, { kind: 'protocol', message: expect.stringContaining('more than') }],
  ['a masked frame', Buffer.from([0x81, 0x80, 1, 2, 3, 4]), { kind: 'protocol' }],
  [
    'text that is no UTF-8',
    Buffer.from([0x81, 1, 0xff]),
    { kind: 'protocol', message: expect.stringContaining('UTF-8') },
  ],
  [
    'half a frame and its end',
    Buffer.from([0x81, 5, 0x61]),
    { how: 'it ended in the middle of a message' },
    (socket) => socket.end(),
  ],
  [
    'half a message and its end',
    Buffer.from([0x01, 1, 0x61]),
    { how: 'it ended in the middle of a message' },
    (socket) => socket.end(),
  ],
  ['its end at once', undefined, { how: 'the server ended it' }, (socket) => socket.end()],
  [
    'a reset',
    undefined,
    { kind: 'connection-lost', cause: { code: 'ECONNRESET' } },
    (socket) => socket.resetAndDestroy(),
  ],
])('after the upgrade, %s ends the connection with a clear error', async (_what, bytes, expected, then) => {
  let written = (_: Socket) => {};
  const peer = new Promise<Socket>((resolve) => {
    written = resolve;
  });
  const { closed } = await open(webSocket(await upgraded(bytes, written))());
  // Once the client has heard of the upgrade: what comes in one piece with it may hide a reset.
  then?.(await peer);
  expect(await closed).toMatchObject(expected);
});

test('a server that falls silent is noticed by its missing pong, and one that answers pings is not', async () => {
  const silent = await open(webSocket(await upgraded(undefined), { heartbeatMs: 30 })());
  expect(await silent.closed).toMatchObject({ kind: 'connection-lost', how: expect.stringContaining('30 ms') });
  const { connected } = await wsServer();
  const { peer, transport } = await connected({ heartbeatMs: 30 });
  for (let pings = 0; pings < 3; pings += 1) await once(peer, 'ping');
  await transport.close();
});

test('close() ends the waiting for a token, for an answer, and for the end of a server that does not answer it', async () => {
  for (const factory of [
    webSocket('ws://127.0.0.1:1', { token: () => new Promise<string>(() => {}) }),
    webSocket(await rawServer(() => {})),
  ]) {
    const transport = factory();
    const opening = expect(open(transport)).rejects.toMatchObject({ name: 'TransportClosedError' });
    await transport.close();
    await opening;
  }
  const { transport, closed } = await open(webSocket(await upgraded(undefined))());
  await transport.close();
  expect(await closed).toMatchObject({ name: 'TransportClosedError' });
});

test('an aborted call is free while the token is waited for, and others get their connection', async () => {
  const { factory, peers } = await wsServer();
  let give: (token: string) => void = () => {};
  let asked: () => void = () => {};
  const waits = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const token = () => {
    asked();
    return new Promise<string>((resolve) => {
      give = resolve;
    });
  };
  const codex = new Codex({ transport: factory({ token }) });
  cleanUp.push(() => codex.close());
  const controller = new AbortController();
  const first = codex.models({ signal: controller.signal });
  const connecting = codex.connect();
  await waits;
  controller.abort('enough');
  await expect(first).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
  give('tok-1');
  const peer = await peers();
  peer.on('message', (data: Buffer) => {
    const { id, method } = JSON.parse(String(data)) as { id?: string; method: string };
    if (method === 'initialize') peer.send(JSON.stringify({ id, result: { userAgent: 'codex/1.2.3' } }));
  });
  await connecting;
});

test('a token that never comes, fails, or is none: clear errors that do not quote it', async () => {
  const url = 'ws://127.0.0.1:1';
  for (const [token, expected] of [
    [() => new Promise<string>(() => {}), 'within 50 ms'],
    [() => Promise.reject(new Error(secret)), 'one that failed'],
    [() => 7 as unknown as string, 'a string, got 7'],
    [`${secret}\r\nx: y`, 'other characters'],
    ['', 'nothing'],
    [{ file: join(folder, 'none') }, 'no such file'],
  ] as const) {
    const error = await open(webSocket(url, { token, connectTimeoutMs: 50 })()).catch(
      (error: unknown) => error as Error,
    );
    expect(error).toMatchObject({ name: 'ConnectError', message: expect.stringContaining(expected) });
    expect((error as Error).message).not.toContain(secret);
  }
});

test.each([undefined, {}])(
  'a call that the engine would not take fails alone, and the connection goes on (reconnect: %o)',
  async (reconnect) => {
    const { factory, peers } = await wsServer();
    const longest: number[] = [];
    const codex = new Codex({ transport: factory(), ...(reconnect && { reconnect }) });
    cleanUp.push(() => codex.close());
    const connecting = codex.connect();
    const peer = await peers();
    peer.on('message', (data: Buffer) => {
      longest.push(data.length);
      const { id, method } = JSON.parse(String(data)) as { id?: string; method: string };
      if (id !== undefined) peer.send(JSON.stringify({ id, result: { userAgent: 'server/1.0', method } }));
    });
    await connecting;
    const most = 64 * 1024 * 1024;
    await expect(codex.request('own/long', { text: 'x'.repeat(most) })).rejects.toMatchObject({
      name: 'RangeError',
      message: expect.stringMatching(
        /^Sending own\/long to the engine: expected a message of at most 67108864 bytes, got one of 67108\d+\. /,
      ),
    });
    expect(await codex.request('own/short', {})).toMatchObject({ method: 'own/short' });
    expect(Math.max(...longest)).toBeLessThan(1000);
  },
);

test('pings to a client whose server does not read are answered once, not stored', async () => {
  let peer: Socket | undefined;
  const url = await upgraded(undefined, (socket) => {
    peer = socket.pause();
  });
  const { transport, closed } = await open(webSocket(url)());
  // More than the system holds: from here on our writes wait in this program.
  for (let sent = 0; sent < 32; sent += 1) transport.send('x'.repeat(1024 * 1024));
  const ping = Buffer.concat([Buffer.from([0x89, 125]), Buffer.alloc(125)]);
  const pings = Buffer.concat(Array(100_000).fill(ping));
  const held = process.memoryUsage().arrayBuffers;
  await new Promise<void>((resolve) => peer?.write(pings, () => resolve()));
  await transport.close();
  await closed;
  // Those that the test holds itself count before and after.
  expect(process.memoryUsage().arrayBuffers - held).toBeLessThan(pings.length - 3_000_000);
});
