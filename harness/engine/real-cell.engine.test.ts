import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolveEngine } from '../../native/index.ts';
import type { JsonObject, JsonValue } from '../../testing/json/json.ts';
import type { ModelAnswer } from '../../testing/model/model-answer.ts';
import type { ObservationLine } from '../observation/types.ts';
import { openRealCell } from './real-cell.ts';
import { type AppServerClient, type Message, startAppServer } from './test-fixtures/app-server-client.ts';
import { cellRoot } from './test-fixtures/cell-root.ts';
import type { RunningCell } from './types.ts';

let root: string;
let cell: RunningCell;

beforeEach(async () => {
  root = await cellRoot();
});
afterEach(async () => {
  await cell?.dispose();
  await rm(root, { recursive: true, force: true });
});

async function open(model: ModelAnswer[]) {
  const engine = await resolveEngine();
  cell = await openRealCell({
    scenario: { id: 'x/y', title: 'x', family: 'app-server', covers: [], steps: [], model },
    engine,
    root,
  });
}

async function startThread(client: AppServerClient): Promise<string> {
  const policy = { approvalPolicy: 'never', sandbox: 'danger-full-access' };
  const { thread } = await client.request('thread/start', { cwd: cell.paths.workspace, ...policy });
  return (thread as { id: string }).id;
}

const startTurn = (client: AppServerClient, threadId: string, text: string) =>
  client.request('turn/start', { threadId, input: [{ type: 'text', text }] });
const ended = (client: AppServerClient, threadId: string) =>
  client.seen((one) => one.method === 'turn/completed' && one.params.threadId === threadId);
const status = (message: Message) => (message.params.turn as { status: string }).status;
const items = (lines: ObservationLine[]) =>
  lines.flatMap((line) => {
    const message = line.ch === 'wire.in' ? (line.msg as Message) : undefined;
    return message?.method === 'item/completed' ? [message.params.item as JsonObject] : [];
  });

test('every kind of answer arrives at the engine, and a held stream waits for its latch', async () => {
  await open([
    {
      reasoning: { summary: ['think'], text: 'raw' },
      call: { name: 'exec_command', arguments: { cmd: 'echo out' } },
      patch: '*** Begin Patch\n*** Add File: new.txt\n+text\n*** End Patch',
    },
    { stream: ['Hel', 'lo'], phase: 'final_answer', hold: 'go', usage: { input: 3, output: 2, total: 5 } },
  ]);
  const client = await startAppServer(cell);
  const threadId = await startThread(client);
  await startTurn(client, threadId, 'hi');
  await client.seen((one) => one.method === 'item/agentMessage/delta' && one.params.delta === 'lo');
  await fetch(`${cell.control.url}/latch/go/release`, { method: 'POST' });
  expect(status(await ended(client, threadId))).toBe('completed');
  await client.close();
  const { lines } = await cell.finish();
  expect(items(lines)).toMatchObject([
    { type: 'userMessage' },
    { type: 'reasoning', summary: ['think'] },
    { type: 'commandExecution', aggregatedOutput: 'out\n', status: 'completed' },
    { type: 'fileChange', status: 'completed' },
    { type: 'agentMessage', text: 'Hello', phase: 'final_answer' },
  ]);
  expect(await readFile(join(cell.paths.workspace, 'new.txt'), 'utf8')).toBe('text\n');
  expect(cell.control.unconsumed()).toEqual([]);
  expect(JSON.stringify(lines)).toContain('"inputTokens":3');
  expect(JSON.stringify(lines).toLowerCase()).not.toMatch(/authorization|bearer /);
  const said = lines.map((line) => (line.ch === 'mark' ? line.mark : JSON.stringify(line)));
  const released = said.indexOf('released go');
  expect(said.findIndex((line) => line.includes('"delta":"lo"'))).toBeLessThan(released);
  expect(said.findIndex((line) => line.includes('"text":"Hello"'))).toBeGreaterThan(released);
  expect(lines.filter((line) => line.ch === 'exit')).toMatchObject([{ code: 0, signal: null }]);
  expect(lines.filter((line) => line.ch === 'rest')).toEqual([]);
});

test('two threads at once get each its own answers', async () => {
  await open([
    { for: 'beta', call: { name: 'exec_command', arguments: { cmd: 'echo b' } } },
    { for: 'alpha', message: 'for a' },
    { for: 'beta', message: 'for b' },
  ]);
  const client = await startAppServer(cell);
  const [a, b] = [await startThread(client), await startThread(client)];
  await Promise.all([startTurn(client, a, 'alpha'), startTurn(client, b, 'beta')]);
  await Promise.all([ended(client, a), ended(client, b)]);
  await client.close();
  const texts = items((await cell.finish()).lines).filter((item) => item.type === 'agentMessage');
  expect(texts.map((item) => item.text).sort()).toEqual(['for a', 'for b']);
});

test('a failure, a cut and a request beyond the script each end their turn', async () => {
  await open([{ fail: { status: 503, code: 'server_is_overloaded' } }, { message: 'a', cut: true }]);
  const client = await startAppServer(cell);
  const errors: JsonValue[] = [];
  for (const text of ['one', 'two', 'three']) {
    const threadId = await startThread(client);
    await startTurn(client, threadId, text);
    const turn = (await ended(client, threadId)).params.turn as { status: string; error: JsonObject };
    expect(turn.status).toBe('failed');
    errors.push(turn.error.codexErrorInfo ?? null);
  }
  await client.close();
  const marks = (await cell.finish()).lines.filter((line) => line.ch === 'mark');
  expect(marks).toMatchObject([{ mark: 'unscripted model request 3' }]);
  expect(errors).toEqual(['serverOverloaded', 'other', 'internalServerError']);
});

test('an engine that is killed in the middle of a held answer ends the run', async () => {
  await open([{ stream: ['a'], hold: 'never' }]);
  const client = await startAppServer(cell);
  const threadId = await startThread(client);
  await startTurn(client, threadId, 'hi');
  await client.seen((one) => one.method === 'item/agentMessage/delta');
  expect((await fetch(`${cell.control.url}/kill`, { method: 'POST' })).status).toBe(200);
  await client.close();
  const { lines } = await cell.finish();
  expect(lines.filter((line) => line.ch === 'mark' || line.ch === 'exit')).toMatchObject([
    { ch: 'mark', mark: 'killed SIGKILL' },
    { ch: 'exit', code: null, signal: 'SIGKILL' },
  ]);
});

/** A proxy that lets nothing through and tells what was asked of it. */
async function loggingProxy() {
  const asked: string[] = [];
  let first: () => void = () => {};
  const any = new Promise<void>((resolve) => {
    first = resolve;
  });
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    first();
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    first();
    socket.on('error', () => {});
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { HTTP_PROXY: url, HTTPS_PROXY: url, ALL_PROXY: url, NO_PROXY: '127.0.0.1' };
  const lower = Object.fromEntries(Object.entries(env).map(([key, value]) => [key.toLowerCase(), value]));
  return {
    asked,
    any,
    env: { ...env, ...lower },
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

test('nothing leaves the machine: the model is asked on loopback, and the proxy for nothing', async () => {
  const proxy = await loggingProxy();
  try {
    await open([
      { call: { name: 'exec_command', arguments: { cmd: 'echo out' } } },
      { message: 'a' },
      { message: 'b' },
    ]);
    const client = await startAppServer(cell, proxy.env);
    for (const text of ['one', 'two']) {
      const threadId = await startThread(client);
      await startTurn(client, threadId, text);
      expect(status(await ended(client, threadId))).toBe('completed');
    }
    await client.close();
    expect((await cell.finish()).lines.filter((line) => line.ch === 'model.request')).toHaveLength(3);
    expect(proxy.asked).toEqual([]);
  } finally {
    await proxy.close();
  }
});

test('the proxy would have seen it: without the block that keeps it local, the engine calls home', async () => {
  const proxy = await loggingProxy();
  try {
    await open([]);
    const file = join(cell.paths.codexHome, 'config.toml');
    const config = await readFile(file, 'utf8');
    await writeFile(file, config.replace(/^(check_for_update|analytics|feedback|features|otel).*\n/gm, ''));
    const client = await startAppServer(cell, proxy.env);
    await startThread(client);
    await proxy.any;
    await client.close();
    expect(proxy.asked.every((one) => one.startsWith('CONNECT '))).toBe(true);
  } finally {
    await proxy.close();
  }
});
