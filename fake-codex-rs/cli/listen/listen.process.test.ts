import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../exact-json.ts';
import { type Listeners, listeners } from '../../test-fixtures/listener.ts';
import { buildFake, goldenText } from '../../test-fixtures/run-fake.ts';
import { clientFrame, connectWebSocket, type TestClient } from '../../test-fixtures/websocket-client.ts';

let all: Listeners;
beforeAll(buildFake);
beforeEach(() => {
  all = listeners();
});
afterEach(() => all.dispose());

const tcp = 'ws://127.0.0.1:0';
const clientInfo = { name: 'mine', version: '2' };
const initialize = JSON.stringify({ id: 'a', method: 'initialize', params: { clientInfo } });
const initialized = JSON.stringify({ method: 'initialized' });
const parsed = async (client: TestClient) => JSON.parse(await client.next()) as JsonObject;
const marks = () => all.logged('mark').map(({ mark, detail }) => [mark, (detail as JsonObject).text ?? detail]);

async function shaken(client: TestClient): Promise<TestClient> {
  client.send(initialize);
  expect(await parsed(client)).toMatchObject({ id: 'a', result: {} });
  client.send(initialized);
  return client;
}

test.each(['tcp', 'unix'])('a script is played over %s, one message a frame', async (kind) => {
  const path = join(all.folder, 's');
  const script = [
    { auto: ['thread/start'] },
    { send: 'error', wrong: true, template: false, params: { text: 'a\nb' } },
    { expect: 'turn/interrupt' },
    { answer: 'turn/interrupt', chunks: [1, 2] },
  ];
  const server = all.fake(kind === 'tcp' ? tcp : `unix://${path}`, { script });
  const client = await shaken(await connectWebSocket(await server.address));
  expect(await client.next()).toBe('{"method":"error","params":{"text":"a\\nb"}}');
  client.send('{"id":1,"method":"thread/start","params":{}}', 1, 0, 20);
  expect(await parsed(client)).toMatchObject({ id: 1, result: { thread: {} } });
  client.sendBytes(clientFrame(0x89, Buffer.from('hi')));
  client.send('{"id":2,\n"method":"turn/interrupt","params":{"threadId":"t","turnId":"u"}}\n');
  expect((await client.nextFragments()).map(String)).toEqual(['{', '"i', 'd":2,"result":{}}']);
  expect(client.pongs).toEqual(['hi']);
  client.close();
  expect(await client.ended).toEqual({ code: undefined, reason: '' });
  server.endStdin();
  if (kind === 'unix') expect(statSync(path).mode & 0o777).toBe(0o600);
  server.kill('SIGINT');
  expect(await server.ended).toMatchObject({ code: 0, signal: null, stdout: '' });
  expect(existsSync(path)).toBe(false);
  expect(marks()).toEqual([]);
});

test('a golden is played, and each further connection plays its next start', async () => {
  const start = { ch: 'argv', body: { argv: ['app-server'] } };
  const closed = { ch: 'exit', body: { code: '<closed>' } };
  const said = (text: string) => ({ in: { method: 'x/said', params: { text } } });
  const server = all.fake(tcp, { golden: join(all.folder, 'golden') });
  writeFileSync(join(all.folder, 'golden'), goldenText(start, said('one'), closed, start, said('two'), closed));
  const address = await server.address;
  for (const text of ['one', 'two']) {
    const client = await connectWebSocket(address);
    expect(await parsed(client)).toEqual(said(text).in);
    client.close();
    await client.ended;
  }
  server.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ code: 0 });
  expect(all.logged('spawn')).toHaveLength(2);
  expect(all.logged('exit')).toHaveLength(2);
  expect(marks()).toEqual([]);
});

test('a second client at the same time is told so, and the first plays on', async () => {
  const server = all.fake(tcp, { script: [{ hold: 'none' }, { expect: 'account/logout' }] });
  const address = await server.address;
  const first = await shaken(await connectWebSocket(address));
  const second = await connectWebSocket(address);
  const text = 'fake-codex-rs plays to one connection at a time, and another is open';
  expect(await second.ended).toEqual({ code: 1013, reason: text });
  first.send('{"id":1,"method":"account/logout"}');
  first.close();
  await first.ended;
  server.kill('SIGTERM');
  await server.ended;
  expect(marks()).toEqual([['connection refused', text]]);
});

test('a script that leaves takes the process with it; a frame may be cut short', async () => {
  const server = all.fake(tcp, { script: [{ raw: 'half', chunks: [2] }, { exit: 7 }] });
  const client = await shaken(await connectWebSocket(await server.address));
  expect(await client.ended).toEqual({ code: undefined, reason: '' });
  await expect(client.next()).rejects.toThrow('no message any more');
  expect(await server.ended).toMatchObject({ code: 7, signal: null });
  expect(all.logged('in').slice(1)).toMatchObject([{ text: 'half', partial: true, wrong: true }]);
});

test('closing its output ends what the client reads, and the fake still hears', async () => {
  const server = all.fake(tcp, { script: [{ close: 'stdout' }, { expect: 'account/logout' }] });
  const client = await shaken(await connectWebSocket(await server.address));
  client.send('{"id":1,"method":"account/logout"}');
  await client.ended;
  server.kill('SIGTERM');
  await server.ended;
  expect(all.logged('out').at(-1)).toMatchObject({ text: '{"id":1,"method":"account/logout"}' });
  expect(marks()).toEqual([]);
});

test('who breaks the protocol is told why, and so is the log', async () => {
  const server = all.fake(tcp, { script: [] });
  const client = await shaken(await connectWebSocket(await server.address));
  client.sendBytes(clientFrame(0x81, Buffer.from(initialize), false));
  const reason = 'a frame of a client is not masked';
  expect(await client.ended).toEqual({ code: 1002, reason });
  expect(marks()).toEqual([['the client broke WebSocket', reason]]);
});

test('a binary message and text that is no JSON are heard, and are misses', async () => {
  const server = all.fake(tcp, { script: [{ expect: 'account/logout' }] });
  const client = await shaken(await connectWebSocket(await server.address));
  client.sendBytes(clientFrame(0x82, Buffer.from([0xff])));
  client.send('{}{}');
  client.send('{"id":1,"method":"account/logout"}');
  client.close();
  await client.ended;
  server.kill('SIGTERM');
  await server.ended;
  expect(all.logged('out').slice(2, 4)).toMatchObject([{ base64: '/w==' }, { text: '{}{}' }]);
  expect(marks().map(([mark]) => mark)).toEqual(['script miss', 'script miss']);
});

test('50 MB go each way', async () => {
  const size = 50 * 1024 * 1024;
  const server = all.fake(tcp, { script: [{ expect: 'x/big' }, { raw: 'y', times: size }, { raw: '\n' }] });
  const client = await shaken(await connectWebSocket(await server.address));
  const quarter = size / 4;
  client.send(`{"method":"x/big","params":{"text":"${'y'.repeat(size)}"}}`, quarter, quarter, quarter);
  expect((await client.nextFragments()).map(({ length }) => length)).toEqual([size, 0]);
});

// The engine says the same (0.163.0, measured), and leaves a lock of that path in a folder that no test owns.
test('a path that is no socket is left alone', async () => {
  const path = join(all.folder, 'file');
  writeFileSync(path, 'mine');
  expect(await all.fake(`unix://${path}`).ended).toMatchObject({
    code: 1,
    stderr: `Error: app-server control socket path exists and is not a socket: ${path}\n`,
  });
  expect(statSync(path).isFile()).toBe(true);
});
