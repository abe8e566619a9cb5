import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';

let server: LoopbackServer | undefined;
const reached: (string | undefined)[] = [];

afterEach(async () => {
  await server?.close();
  reached.length = 0;
});

async function start(): Promise<LoopbackServer> {
  server = await startLoopbackServer(
    (asked, response) => {
      reached.push(asked.url);
      response.end('ok');
    },
    (asked, socket) => {
      reached.push(asked.url);
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
    },
  );
  return server;
}

/** Asks as any user of the machine can: by the port alone. Undefined: the connection is ended without an answer. */
async function ask(path: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const asking: ClientRequest = request({ host: '127.0.0.1', port: server?.port, path, headers, agent: false });
  asking.end();
  return new Promise((resolve) => {
    asking.on('response', (answer) => resolve(answer.resume().statusCode));
    asking.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer.statusCode);
    });
    asking.on('error', () => resolve(undefined));
  });
}

const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' };

test('whoever knows the address is heard, and the listener sees the path behind it', async () => {
  const { url } = await start();
  const { pathname } = new URL(url);
  expect(await ask(`${pathname}/kill?signal=SIGKILL`)).toBe(200);
  expect(await ask(pathname)).toBe(200);
  expect(await ask(`${pathname}/v1/realtime?model=x`, upgrade)).toBe(101);
  expect(reached).toEqual(['/kill?signal=SIGKILL', '/', '/v1/realtime?model=x']);
});

test('whoever knows the port alone reaches nothing', async () => {
  const { url } = await start();
  const token = new URL(url).pathname.slice(1);
  const guesses = [
    ...[
      '/kill',
      '/',
      '/v1/responses',
      `//${token}/kill`,
      `/x/../${token}/kill`,
      `/${token}x/kill`,
      `/${token.slice(1)}/kill`,
    ],
    ...[
      `/${token.toUpperCase()}/kill`,
      `/${'0'.repeat(token.length)}/kill`,
      `/%${token.slice(1)}/kill`,
      `http://127.0.0.1/kill`,
    ],
  ];
  for (const guess of guesses) {
    expect(await ask(guess), guess).toBe(404);
    expect(await ask(guess, upgrade), guess).toBe(undefined);
  }
  await fc.assert(
    fc.asyncProperty(fc.webPath(), async (path) => {
      expect(await ask(path === '' ? '/' : path)).toBe(404);
    }),
    { numRuns: 50 },
  );
  expect(reached).toEqual([]);
});

test('no two servers have one address, and closing ends what is open', async () => {
  const { url } = await start();
  const other = await startLoopbackServer(() => {});
  expect(new URL(other.url).pathname).not.toBe(new URL(url).pathname);
  const asking = request(`${other.url}/held`, { agent: false });
  const ended = once(asking, 'error');
  asking.end();
  await once(asking, 'socket');
  await other.close();
  await ended;
});
