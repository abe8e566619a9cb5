import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import { programMark } from '../host/program-mark.ts';
import { OpenHooks, openHooks } from './open-hooks.ts';
import type { Hooks } from './options.ts';
import { relayProgram } from './relay-program.ts';

const over = new Error('over');

async function open(hooks: Hooks): Promise<OpenHooks> {
  const opened = await openHooks(hooks);
  onTestFinished(() => opened.fail(over));
  return opened;
}

/** Says something to the hooks as a relay does, without one. */
function relay(opened: OpenHooks, event: string, more = ''): Socket {
  const { TWINPROOF_HOOK_SOCKET: address = '', TWINPROOF_HOOK_TOKEN: token } = opened.env;
  const socket = connect(address).on('error', () => {});
  socket.write(`${JSON.stringify({ token, event, input: '{}' })}\n${more}`);
  return socket;
}
async function read(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

/** A hook that hangs, and the signals that it was given. */
function hanging() {
  const signals: AbortSignal[] = [];
  const hook = (_: unknown, { signal }: { signal: AbortSignal }) => {
    signals.push(signal);
    return new Promise<never>(() => {});
  };
  return { hook, signals, begun: () => vi.waitUntil(() => signals.length > 0) };
}

test('the end of a program removes the folder; a connection that has ended leaves no listener for it', async () => {
  const before = process.listeners('exit');
  const [one, other] = [await open({ stop: () => undefined }), await open({ stop: () => undefined })];
  const folders = [one, other].map(({ env }) => dirname(String(env.TWINPROOF_HOOK_RELAY)));
  const added = process.listeners('exit').filter((listener) => !before.includes(listener));
  expect([added.length, folders.map(existsSync)]).toEqual([2, [true, true]]);
  added[0]?.call(process, 0);
  expect(folders.map(existsSync)).toEqual([false, true]);
  for (const opened of [one, one, other]) opened.fail(over);
  expect(process.listeners('exit')).toEqual(before);
  expect(folders.map(existsSync)).toEqual([false, false]);
});

test('the end of the connection ends what runs, its sockets and its server', async () => {
  const { hook, signals, begun } = hanging();
  const folder = mkdtempSync(join(tmpdir(), 'hooks-'));
  const address = join(folder, 'socket');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(address, resolve));
  const opened = new OpenHooks({ stop: hook, onError: () => {} }, server, folder, address);
  const socket = relay(opened, 'stop');
  await begun();
  opened.fail(over);
  expect(signals[0]?.reason).toBe(over);
  expect(server.listening).toBe(false);
  expect(await read(socket).catch(() => '')).toBe('');
});

test('an engine that ends a hook: the hook hears it', async () => {
  const { hook, signals, begun } = hanging();
  const opened = await open({ stop: hook, onError: () => {} });
  const socket = relay(opened, 'stop');
  await begun();
  socket.destroy();
  await vi.waitUntil(() => signals[0]?.aborted);
  expect(signals[0]?.reason).toMatchObject({ name: 'AbortError', cause: 'the engine has ended it' });
});

test('each connection is one question, whatever else it says', async () => {
  let asked = 0;
  let answer = () => {};
  const opened = await open({
    stop: async () => {
      asked += 1;
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return undefined;
    },
    sessionStart: () => undefined,
  });
  // Two lines at once are no question.
  expect(await read(relay(opened, 'stop', '{"more":1}\n'))).toBe('');
  expect(asked).toBe(0);
  const socket = relay(opened, 'stop');
  await vi.waitUntil(() => asked === 1);
  await new Promise((resolve) => socket.write('again\n', resolve));
  // What comes later has been read, so that has been, too.
  expect(await read(relay(opened, 'sessionStart'))).toBe('{}\n');
  answer();
  expect(await read(socket)).toBe('{}\n');
  expect(asked).toBe(1);
});

test('a message that is longer than any is not waited for', async () => {
  const opened = await open({ stop: () => undefined });
  const socket = connect(String(opened.env.TWINPROOF_HOOK_SOCKET)).on('error', () => {});
  const closed = once(socket, 'close');
  socket.write(Buffer.alloc(64 * 2 ** 20 + 1, 'x'));
  await closed;
});

test('what a program has left that was killed is removed; that of one that runs, and of strangers, stays', async () => {
  const mark = await programMark();
  const dead = mark.replace(/-[^-]+$/, '-0dead');
  const made = [`twinproof-hooks-${dead}-aaaaaa`, `twinproof-hooks-${mark}-aaaaaa`, 'twinproof-hooks-x-aaaaaa'].map(
    (name) => join(tmpdir(), name),
  );
  onTestFinished(() => {
    for (const one of made) rmSync(one, { recursive: true, force: true });
  });
  for (const one of made) mkdirSync(one, { recursive: true });
  await open({ stop: () => undefined });
  expect(made.map(existsSync)).toEqual([false, true, true]);
});

test.each([
  [[['Bash']], '^(?:Bash)$'],
  [
    [
      ['Bash', 'mcp__a.b__c'],
      ['Bash', 'x'],
    ],
    '^(?:Bash|mcp__a[.]b__c|x)$',
  ],
  [[['Bash'], undefined], undefined],
  [[undefined], undefined],
])('hooks for the tools %j are asked about %s', async (tools, matcher) => {
  const { args } = await open({ preToolUse: tools.map((names) => ({ handler: () => undefined, tools: names })) });
  expect(/matcher='([^']*)'/.exec(args.join(' '))?.[1]).toBe(matcher);
});

test('the engine waits for all hooks of an event, one after the other, and longer than the relay', async () => {
  const handler = () => undefined;
  const { args } = await open({
    stop: [
      { handler, timeoutMs: 2000 },
      { handler, timeoutMs: 3500 },
    ],
    sessionStart: [],
  });
  // 5 seconds more than the hooks, in whole seconds, and 10 more for the engine.
  expect(args.join(' ')).toMatch(/ stop 11'.*timeout=21\b/);
  expect(args.join(' ')).not.toContain('SessionStart');
});

test('a hook that the engine does not trust is an error with what was done', async () => {
  const opened = await open({ stop: () => undefined });
  await expect(opened.verify(async () => ({ data: [] }))).rejects.toMatchObject({
    ...{ kind: 'unsupported', action: 'starting the engine with hooks' },
  });
});

test('the relay gives up after so many seconds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relay-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // Its timers end at once, and say how long they would have been.
  const timers = `globalThis.setTimeout = (then, ms) => { console.error(ms); setImmediate(then); }`;
  const path = join(folder, 'relay.mjs');
  writeFileSync(path, relayProgram({ stop: { safe: true } }));
  const preload = ['--import', `data:text/javascript,${encodeURIComponent(timers)}`];
  const { stdout, stderr } = await execa(process.execPath, [...preload, path, 'stop', '6'], { input: '{}' });
  expect([stdout, stderr]).toEqual(['{"safe":true}', '6000']);
});
