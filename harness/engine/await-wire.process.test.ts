import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { awaitWire } from './await-wire.ts';

let folder: string;
let log: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wire-'));
  log = join(folder, 'wire.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const say = (text: string, more: object = {}) =>
  appendFile(log, `${JSON.stringify({ t: 1, pid: 1, ch: 'in', text, ...more })}\n`);
const completed = (status: string) => JSON.stringify({ method: 'turn/completed', params: { turn: { status } } });

test('it waits for so many messages that match, those that came before it counted; nothing else counts', async () => {
  await say(completed('failed'));
  const wanted = { method: 'turn/completed', match: { 'turn.status': 'failed' }, times: 2 };
  let over = false;
  const waiting = awaitWire(log, wanted, never).then(() => {
    over = true;
  });
  await say('no JSON');
  await say(completed('failed'), { partial: true });
  await say(completed('failed'), { ch: 'out' });
  await say(completed('completed'));
  await awaitWire(log, { method: 'turn/completed', match: { 'turn.status': 'completed' }, times: 1 }, never);
  expect(over).toBe(false);
  await say(completed('failed'));
  await waiting;
});

test('a log that is not there yet is waited for; an abort ends the wait', async () => {
  const wanted = { method: 'turn/completed', match: {}, times: 1 };
  const asker = new AbortController();
  const left = awaitWire(log, wanted, asker.signal);
  const waiting = awaitWire(log, wanted, never);
  asker.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  await say(completed('completed'));
  await waiting;
});
