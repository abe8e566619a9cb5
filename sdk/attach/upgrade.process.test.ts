import { getEventListeners, once } from 'node:events';
import { Agent } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { acceptingHead } from '../test-fixtures/websocket-server.ts';
import { webSocket } from './attach.ts';
import type { AttachOptions } from './attach-options.ts';
import { type UpgradeOptions, upgrade } from './upgrade.ts';

/** How many deadlines run: they do not keep the program, so nothing else shows one that is left. */
let deadlines = 0;
vi.mock('../host/deadline.ts', async (original) => {
  const { startDeadline } = await original<typeof import('../host/deadline.ts')>();
  return {
    startDeadline(...given: Parameters<typeof startDeadline>) {
      const stop = startDeadline(...given);
      let running = true;
      deadlines += 1;
      return () => {
        if (running) deadlines -= 1;
        running = false;
        stop();
      };
    },
  };
});

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** A server that answers the head of a request with what this says. `asked` has the heads; `released` is when the client has let go. */
async function listening(answer: (head: string, socket: Socket) => string | undefined) {
  const asked: string[] = [];
  const released: Promise<unknown>[] = [];
  const server = createServer((socket) => {
    released.push(new Promise((resolve) => socket.once('close', resolve)));
    cleanUp.push(() => socket.destroy());
    socket
      .on('error', () => {})
      .once('data', (chunk) => {
        asked.push(String(chunk));
        const text = answer(String(chunk), socket);
        if (text !== undefined) socket.write(text);
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => void server.close());
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, released };
}

const refusing =
  (status: string, body: string, length = body.length) =>
  () =>
    `HTTP/1.1 ${status}\r\ncontent-length: ${length}\r\n\r\n${body}`;

function asking(url: string, options: Partial<UpgradeOptions> = {}) {
  const abort = new AbortController();
  const given = {
    token: undefined,
    timeoutMs: 60_000,
    since: performance.now(),
    agent: undefined,
    signal: abort.signal,
  };
  const outcome = upgrade({ kind: 'ws', url: new URL(url) }, { ...given, ...options }).then(
    ({ socket }) => {
      cleanUp.push(() => socket.destroy());
      return 'a WebSocket';
    },
    (error: unknown) => error as Error & { status?: number; cause?: unknown; retryable?: boolean },
  );
  return { outcome, abort, left: () => [deadlines, getEventListeners(abort.signal, 'abort').length] };
}

test.each<[string, (head: string, socket: Socket) => string | undefined, object | string, Partial<UpgradeOptions>?]>([
  ['accepts', (head) => acceptingHead(head), 'a WebSocket'],
  ['writes names in its own case', (head) => acceptingHead(head, { upgrade: 'WebSocket' }), 'a WebSocket'],
  [
    'says another key',
    (head) => acceptingHead(`${head}sec-websocket-key: x\r\n`.replace(/key: .*\r\n/i, 'key: y\r\n')),
    { message: expect.stringContaining('Accept'), retryable: false },
  ],
  [
    'has a subprotocol',
    (head) => acceptingHead(head, { 'sec-websocket-protocol': 'x' }),
    { message: expect.stringContaining('a subprotocol that was not asked for') },
  ],
  ['refuses', refusing('401 no', 'x'), { status: 401 }],
  [
    'cuts the connection',
    (_head, socket) => void socket.resetAndDestroy(),
    { retryable: true, cause: { code: 'ECONNRESET' } },
  ],
  ['ends it', (_head, socket) => void socket.end(), { retryable: true }],
  [
    'says nothing in time',
    () => undefined,
    { message: expect.stringContaining('an answer within 60000 ms'), retryable: true },
    { since: performance.now() - 59_999 },
  ],
])('a server that %s: no deadline, no listener and no socket is left', async (_what, answer, expected, options) => {
  const { url, released } = await listening(answer);
  const { outcome, left } = asking(url, options);
  if (typeof expected === 'string') expect(await outcome).toBe(expected);
  else {
    expect(await outcome).toMatchObject(expected);
    await Promise.all(released);
  }
  expect(left()).toEqual([0, 0]);
});

test.each(['before', 'while it is answered'])('a signal that fires %s ends it with its reason', async (when) => {
  const fired: (() => void)[] = [];
  const { url, released } = await listening((head) => (fired[0] ? void fired[0]() : acceptingHead(head)));
  const { outcome, abort, left } = asking(url);
  const fire = () => abort.abort(new Error('enough'));
  if (when === 'before') fire();
  else fired.push(fire);
  expect(await outcome).toMatchObject({ message: 'enough' });
  await Promise.all(released);
  expect(left()).toEqual([0, 0]);
});

test.each<[string, string, string, number | undefined, (string | undefined)?]>([
  ['a body that is short', 'no', ": 'no'", undefined],
  ['none', '', '500 R', undefined],
  ['space around it', ' \n no \n', ": 'no'", undefined],
  ['300 characters and no end', 'x'.repeat(300), `'${'x'.repeat(300)}'`, 999],
  ['301 characters and no end', 'x'.repeat(301), `'${'x'.repeat(300)}'`, 999],
  ['a character that is cut', `${'x'.repeat(299)}é`, `'${'x'.repeat(299)}'`, 999],
])('of a refusal the beginning is quoted: %s', async (_what, body, quoted, length) => {
  const { url } = await listening(refusing('500 R', body, length ?? Buffer.byteLength(body)));
  const error = (await asking(url).outcome) as Error;
  expect(error.message.endsWith(`${quoted}.`) || error.message.endsWith(quoted), error.message).toBe(true);
});

const secret = 'tok-4f0c9b1e';
const advices = ['Give the token', 'The token is not', 'Redirects are not followed'];
test.each<[number, string | undefined, string | undefined]>([
  [401, undefined, 'Give the token'],
  [401, secret, 'The token is not'],
  [403, secret, undefined],
  [299, secret, undefined],
  [300, secret, 'Redirects are not followed'],
  [399, secret, 'Redirects are not followed'],
  [400, secret, undefined],
])('%d with the token %s: the advice is %s, and the token is not quoted', async (status, token, advice) => {
  const { url } = await listening(refusing(`${status} no ${secret}`, secret));
  const error = (await asking(url, { token }).outcome) as Error;
  expect(advices.filter((one) => error.message.includes(one))).toEqual(advice === undefined ? [] : [advice]);
  if (token !== undefined) expect(error.message).not.toContain(secret);
  expect(error).toMatchObject({ status });
});

test('path and query go to the server, by the agent that was given', async () => {
  const { url, asked } = await listening((head) => acceptingHead(head));
  const agent = new Agent();
  const used = vi.spyOn(agent, 'addRequest' as never);
  expect(await asking(`${url}/a/b?c=d`, { agent }).outcome).toBe('a WebSocket');
  expect(asked[0]).toMatch(/^GET \/a\/b\?c=d HTTP/);
  expect(used).toHaveBeenCalledOnce();
});

test.each([
  ['nobody at a port', { kind: 'ws', url: new URL('ws://127.0.0.1:1/') }, 'ECONNREFUSED', '--listen ws://IP:PORT'],
  ['nobody at a path', { kind: 'unix', path: '/nope/s' }, 'ENOENT', '--listen unix:///nope/s'],
] as const)('%s: the cause is kept, and how an engine is started is said', async (_what, address, code, advice) => {
  const { signal } = new AbortController();
  const given = { token: undefined, timeoutMs: 0, since: 0, agent: undefined, signal };
  await expect(upgrade(address, given)).rejects.toMatchObject({
    cause: { code },
    message: expect.stringContaining(advice),
    retryable: true,
  });
});

/** Opens a transport on it, and says how it ends. */
async function opened(url: string, options: AttachOptions = {}) {
  const transport = webSocket(url, options)();
  cleanUp.push(() => transport.close());
  let closed: (cause: Error) => void = () => {};
  const end = new Promise<Error>((resolve) => {
    closed = resolve;
  });
  await transport.open({ onLine: () => {}, onClosed: closed });
  return { transport, end };
}

/** The payload of a small frame of a client, and its kind. */
function unmasked(frame: Buffer): { op: number; payload: Buffer } {
  const mask = frame.subarray(2, 6);
  const payload = frame.subarray(6, 6 + ((frame[1] ?? 0) & 0x7f)).map((byte, at) => byte ^ (mask[at & 3] ?? 0));
  return { op: (frame[0] ?? 0) & 15, payload: Buffer.from(payload) };
}

test.each([
  ['not UTF-8', [0x81, 1, 0xff], 1007],
  ['binary', [0x82, 0], 1003],
  ['masked', [0x81, 0x80], 1002],
  ['too big', [0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0], 1009],
])('a server whose message is %s is told so in the close frame', async (_what, bytes, code) => {
  let heard: (frame: Buffer) => void = () => {};
  const frame = new Promise<Buffer>((resolve) => {
    heard = resolve;
  });
  const { url } = await listening((head, socket) => {
    socket.once('data', heard);
    socket.write(Buffer.concat([Buffer.from(acceptingHead(head)), Buffer.from(bytes)]));
    return undefined;
  });
  const { end } = await opened(url);
  expect(await end).toMatchObject({ kind: 'protocol' });
  const { op, payload } = unmasked(await frame);
  expect([op, payload.readUInt16BE(0)]).toEqual([8, code]);
});

test('options are those of the time when the transport was made; its deadlines are over once it is open', async () => {
  const { url, asked } = await listening((head) => acceptingHead(head));
  const options: AttachOptions = { token: 'one' };
  const factory = webSocket(url, options);
  options.token = 'two';
  const transport = factory();
  await transport.open({ onLine: () => {}, onClosed: () => {} });
  expect(asked[0]).toMatch(/authorization: Bearer one\r\n/i);
  await transport.close();
  expect(deadlines).toBe(0);
});
