import { once } from 'node:events';
import { Agent, createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { Codex, webSocket } from '../index.ts';
import { selfSigned } from '../test-fixtures/self-signed.ts';
import type { AttachOptions } from './attach-options.ts';

const server = selfSigned();
const client = selfSigned();
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** An app-server behind TLS, and the authorization that it has been sent. */
async function listening(options: ServerOptions = {}) {
  const https = createServer({ ...server, ...options });
  const sent: unknown[] = [];
  https.on('upgrade', ({ headers }) => sent.push(headers.authorization));
  https.listen(0, '127.0.0.1');
  await once(https, 'listening');
  const sockets = new WebSocketServer({ server: https });
  sockets.on('connection', (socket) =>
    socket.on('message', (data) => {
      const { id, method } = JSON.parse(String(data)) as { id?: string; method: string };
      if (id !== undefined) socket.send(JSON.stringify({ id, result: { userAgent: 'server/1.0', method } }));
    }),
  );
  cleanUp.push(() => {
    for (const socket of sockets.clients) socket.terminate();
    https.close();
  });
  const attached = (given: AttachOptions = {}, host = '127.0.0.1') => {
    const url = `wss://${host}:${(https.address() as AddressInfo).port}`;
    const codex = new Codex({ transport: webSocket(url, { token: 'tok-2b7e15', ...given }) });
    cleanUp.push(() => codex.close());
    return codex;
  };
  return { attached, sent };
}

test('a server whose certificate the agent knows is talked to, with the token, on one connection after another', async () => {
  const { attached, sent } = await listening();
  const agent = new Agent({ ca: server.cert });
  for (let count = 0; count < 2; count += 1) {
    const codex = attached({ agent });
    expect(await codex.request('own/method', { text: 'é'.repeat(100_000) })).toMatchObject({ method: 'own/method' });
    await codex.close();
  }
  expect(sent).toEqual(['Bearer tok-2b7e15', 'Bearer tok-2b7e15']);
});

test.each<[string, AttachOptions, string, RegExp]>([
  ['that nobody has signed', {}, '127.0.0.1', /self.signed certificate/],
  ['other than the known one', { agent: new Agent({ ca: client.cert }) }, '127.0.0.1', /self.signed certificate/],
  ['for another host', { agent: new Agent({ ca: server.cert }) }, 'localhost', /altnames/],
])('a certificate %s is refused, and the token is not sent', async (_which, options, host, why) => {
  const { attached, sent } = await listening();
  await expect(attached(options, host).connect()).rejects.toMatchObject({
    name: 'ConnectError',
    message: expect.stringMatching(why),
    retryable: false,
  });
  expect(sent).toEqual([]);
});

test('a server that asks for the certificate of its client gets that of the agent', async () => {
  const { attached, sent } = await listening({ requestCert: true, ca: client.cert });
  expect(await attached({ agent: new Agent({ ca: server.cert, ...client }) }).request('own/method', {})).toMatchObject({
    method: 'own/method',
  });
  expect(sent).toHaveLength(1);
  await expect(attached({ agent: new Agent({ ca: server.cert }) }).connect()).rejects.toMatchObject({
    name: 'ConnectError',
  });
  expect(sent).toHaveLength(1);
});
