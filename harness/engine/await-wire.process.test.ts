import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { awaitWire, EngineEndedError } from './await-wire.ts';

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

const start = (pid: number, ...argv: string[]) =>
  appendFile(log, `${JSON.stringify({ t: 1, ch: 'spawn', pid, argv: ['codex', ...argv], env: {} })}\n`);
const exit = (pid: number) => appendFile(log, `${JSON.stringify({ t: 1, ch: 'exit', pid, code: 3, signal: null })}\n`);
const anyTurn = { method: 'turn/completed', match: {}, times: 1 };

test('an engine that ends without them ends the wait at once, before or after it began', async () => {
  await start(1, 'app-server');
  const waiting = expect(awaitWire(log, anyTurn, never)).rejects.toThrow(
    'turn/completed never came: the engine has ended',
  );
  await exit(1);
  await waiting;
  await expect(awaitWire(log, anyTurn, never)).rejects.toBeInstanceOf(EngineEndedError);
});

test('what came before the end counts; an exec run, a question for the schema and one engine of two say nothing', async () => {
  await start(1, 'app-server', 'generate-json-schema');
  await exit(1);
  await start(2, 'exec');
  await exit(2);
  await start(3, 'app-server');
  await start(4, 'app-server');
  await exit(3);
  const waiting = awaitWire(log, anyTurn, never);
  await say(completed('completed'), { pid: 4 });
  await waiting;
  await exit(4);
  await awaitWire(log, anyTurn, never);
});
