import { readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Listener, type Listeners, listeners } from '../../test-fixtures/listener.ts';
import { buildFake } from '../../test-fixtures/run-fake.ts';
import {
  type Address,
  clientFrame,
  connectWebSocket,
  httpText,
  rawAnswer,
  upgradeText,
} from '../../test-fixtures/websocket-client.ts';

let all: Listeners;
beforeAll(buildFake);
beforeEach(() => {
  all = listeners();
});
afterEach(() => all.dispose());

const pair = (url: string, ...args: string[]) =>
  [all.engine(url, ...args), all.fake(url.replace('engine.sock', 'fake.sock'), { script: [] }, ...args)] as const;
const initialize = '{"id":1,"method":"initialize","params":{"clientInfo":{"name":"a","version":"1"}}}';
const tcp = 'ws://127.0.0.1:0';

/** What the engine says of the machine is a warning, or a log line, which begins with a colour. */
const words = (stderr: string) =>
  stderr
    .split('\n')
    .filter((line) => !line.startsWith('WARNING: ') && !line.startsWith('\u001b'))
    .join('\n');
const withoutPort = (stderr: string) => words(stderr).replaceAll(/:[1-9]\d*(?=[/\n])/g, ':PORT');

/** Status, body, and the headers that say something of it. */
function essence(answer: string): unknown {
  const [head = '', body] = answer.split('\r\n\r\n');
  const [status, ...headers] = head.split('\r\n');
  const told = headers
    .map((line) => line.toLowerCase())
    .filter((line) => /^(content-|allow|sec-|x-|upgrade)/.test(line));
  return { status, headers: told.sort(), body };
}

async function both<T>(servers: readonly [Listener, Listener], ask: (to: Address) => Promise<T>): Promise<[T, T]> {
  const [engine, fake] = servers;
  return [await ask(await engine.address), await ask(await fake.address)];
}

test.each([tcp, 'ws://[::1]:0'])("%s: the banner, the health pages and the refusals are the engine's", async (url) => {
  const servers = pair(url);
  const requests = [
    httpText('GET', '/healthz'),
    httpText('GET', '/readyz?x'),
    httpText('HEAD', '/healthz'),
    httpText('POST', '/healthz'),
    httpText('POST', '/'),
    httpText('GET', '/'),
    httpText('GET', '/healthz', { origin: 'http://x' }),
    upgradeText({ origin: 'http://x', connection: 'Upgrade, close' }),
    upgradeText({ 'sec-websocket-version': '12', connection: 'Upgrade, close' }),
    upgradeText({ 'sec-websocket-key': '', connection: 'Upgrade, close' }),
    upgradeText({ upgrade: 'x', connection: 'Upgrade, close' }),
    upgradeText({ connection: 'Upgrade, close' }, '/healthz'),
    '{"id":1}\n',
  ];
  for (const request of requests) {
    const [engine, fake] = await both(servers, async (to) => essence(await rawAnswer(to, request)));
    // Whatever else is said of bytes that are no HTTP, it is a 400.
    if (request.startsWith('{'))
      expect([engine, fake]).toMatchObject([
        { status: 'HTTP/1.1 400 Bad Request' },
        { status: 'HTTP/1.1 400 Bad Request' },
      ]);
    else expect(fake, request).toEqual(engine);
  }
  expect(withoutPort(servers[1].stderr())).toBe(withoutPort(servers[0].stderr()));
});

test.each(['ws://0.0.0.0:0', 'ws://[::]:0', 'ws://localhost:0', 'wss://127.0.0.1:0', 'off'])(
  "%s is refused in the engine's words",
  async (url) => {
    const [engine, fake] = pair(url);
    const { code, stdout, stderr } = await engine.ended;
    expect(await fake.ended).toEqual({
      code,
      signal: null,
      stdout,
      stderr: expect.stringContaining(words(stderr).trim()),
    });
  },
);

test('a capability token opens a listener for others, and is asked for', async () => {
  const token = join(all.folder, 'token');
  writeFileSync(token, 'open sesame\n');
  const servers = pair('ws://0.0.0.0:0', '--ws-auth', 'capability-token', '--ws-token-file', token);
  for (const authorization of ['', 'Basic x', 'Bearer x']) {
    const request = upgradeText({ authorization, connection: 'Upgrade, close' });
    const [engine, fake] = await both(servers, async (to) => essence(await rawAnswer(to, request)));
    expect(fake).toEqual(engine);
  }
  for (const { code, reason } of await both(servers, async (to) => {
    const client = await connectWebSocket(to, { authorization: 'bearer open sesame' });
    client.close();
    return client.ended;
  }))
    expect([code, reason]).toEqual([undefined, '']);
  expect(withoutPort(servers[1].stderr())).toBe(withoutPort(servers[0].stderr()));
});

test('a unix socket speaks WebSocket alone, and an end is an end without a close frame', async () => {
  const path = join(all.folder, 'engine.sock');
  const servers = pair(`unix://${path}`);
  for (const request of [
    '{"id":1,"method":"initialize"}\n',
    httpText('GET', '/healthz'),
    upgradeText({ 'sec-websocket-key': '' }),
  ]) {
    expect(await both(servers, (to) => rawAnswer(to, request))).toEqual(['', '']);
  }
  const heads = await both(servers, async (to) => {
    const client = await connectWebSocket(to, { origin: 'http://x' });
    client.close();
    return [essence(client.head), await client.ended];
  });
  expect(heads[1]).toEqual(heads[0]);
  for (const server of servers) server.endStdin();
  for (const signal of ['SIGINT', 'SIGHUP'] as const) {
    const started = signal === 'SIGINT' ? servers : pair(`unix://${path}`);
    for (const server of started) {
      const client = await connectWebSocket(await server.address);
      client.send(initialize);
      await client.next();
      await server.handles(signal);
      server.kill(signal);
      expect(await server.ended).toMatchObject({ code: 0, signal: null });
    }
  }
});

test('a unix socket that a killed engine left is taken over; one that another engine has is not', async () => {
  const path = join(all.folder, 'engine.sock');
  const servers = pair(`unix://${path}`);
  const refusals = async (url: string) =>
    Promise.all(
      pair(url).map(async ({ ended }) => {
        const { code, stderr } = await ended;
        return [code, words(stderr).replaceAll('fake.sock', 'engine.sock').trim()];
      }),
    );
  await both(servers, async () => {});
  const inUse = await refusals(`unix://${path}`);
  expect(inUse[1]).toEqual(inUse[0]);
  for (const server of servers) {
    server.kill('SIGKILL');
    await server.ended;
  }
  expect(statSync(path).isSocket()).toBe(true);
  // The engine's socket is a link to one that lies elsewhere, beside a file that a killed engine leaves.
  const elsewhere = readlinkSync(path);
  await both(pair(`unix://${path}`), connectWebSocket);
  await all.dispose();
  rmSync(`${elsewhere}.lock`, { force: true });
});

test('a message of 20 MB is taken in two frames, and cut in one', async () => {
  const servers = pair(tcp);
  const bytes = Buffer.from(
    JSON.stringify({
      id: 1,
      method: 'initialize',
      params: { clientInfo: { name: 'a', version: '1' }, pad: 'x'.repeat(20 << 20) },
    }),
  );
  for (const message of await both(servers, async (to) => {
    const client = await connectWebSocket(to);
    client.send(bytes.toString(), 10 << 20);
    return client.next();
  }))
    expect(JSON.parse(message)).toMatchObject({ id: 1, result: {} });
  servers[1].kill('SIGTERM');
  await servers[1].ended;
  const again = [servers[0], all.fake(tcp, { script: [] })] as const;
  for (const outcome of await both(again, async (to) => {
    const client = await connectWebSocket(to);
    client.sendBytes(clientFrame(0x81, bytes));
    await client.ended;
    return client.next().catch((error: Error) => error.message);
  }))
    expect(outcome).toContain('no message any more');
});
