import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConnectionLostError, UnauthorizedError } from 'twinproof';
import { fakeEngine, listen } from 'twinproof/testing';
import { attached, work } from './agent.js';

const id = '019e5c2f-7a10-7b61-8e0f-5d1f2a3b4c5d';
const turnId = '019e5c2f-8b21-7c72-9f10-6e2f3b4c5d6e';
const says = (text) => [
  { send: 'item/completed', params: { threadId: id, turnId, item: { type: 'agentMessage', text } } },
  { send: 'turn/completed', params: { threadId: id, turn: { id: turnId } } },
];
const opened = { expect: 'thread/start' };
const starts = [opened, { answer: 'thread/start', result: { thread: { id } } }];
const turns = [{ expect: 'turn/start' }, { answer: 'turn/start', result: { turn: { id: turnId } } }];

/** What the next connection sees: the thread is resumed, and its turn is as given. */
const again = (status, items = []) => [
  { start: 2 },
  { expect: 'thread/resume', params: { threadId: id } },
  { answer: 'thread/resume', result: { thread: { id } } },
  { expect: 'thread/turns/list' },
  { answer: 'thread/turns/list', result: { data: [{ id: turnId, status }] } },
  { expect: 'thread/read' },
  { answer: 'thread/read', result: { thread: { id, turns: [{ id: turnId, status, items }] } } },
];

test('a turn on a shared engine, over a socket', async (t) => {
  const engine = await fakeEngine([...starts, ...turns, ...says('All good.')]);
  t.after(() => engine.close());
  const server = await listen(engine.config);
  t.after(() => server.close());
  const codex = attached(server.address);
  t.after(() => codex.close());
  assert.equal(await work(await codex.threadStart(), 'Review this.'), 'All good.');
});

test('over WebSocket, the token is asked for', async (t) => {
  const engine = await fakeEngine([...starts]);
  t.after(() => engine.close());
  const server = await listen(engine.config, { over: 'ws', token: 'open sesame'.replace(' ', '-') });
  t.after(() => server.close());
  await assert.rejects(attached(server.address).connect(), UnauthorizedError);
  const tokenFile = join(tmpdir(), `example-attach-${process.pid}`);
  await writeFile(tokenFile, 'open-sesame\n', { mode: 0o600 });
  const codex = attached(server.address, { tokenFile });
  t.after(() => codex.close());
  assert.equal((await codex.threadStart()).id, id);
});

for (const [how, more] of [
  ['the turn is followed from there', [...again('inProgress'), ...says('All good.')]],
  ['the turn has ended meanwhile', again('completed', [{ type: 'agentMessage', text: 'All good.' }])],
])
  test(`the connection is lost: ${how}`, async (t) => {
    const engine = await fakeEngine([...starts, ...turns, { close: 'stdout' }, ...more]);
    t.after(() => engine.close());
    const server = await listen(engine.config);
    t.after(() => server.close());
    const reports = [];
    const reconnect = { backoffMs: 20, attempts: 50, onReconnect: (report) => reports.push(report) };
    const codex = attached(server.address, { reconnect });
    t.after(() => codex.close());
    assert.equal(await work(await codex.threadStart(), 'Review this.'), 'All good.');
    assert.ok(reports[0].lost instanceof ConnectionLostError);
    assert.equal(reports[0].threads[0].threadId, id);
  });
