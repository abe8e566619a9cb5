import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { Codex } from '../client/codex.ts';
import type { CodexConfig } from '../client/config.ts';
import { type EngineExitError, TransportClosedError } from '../errors/connection-errors.ts';
import { ended } from '../test-fixtures/ended.ts';

const program = fileURLToPath(new URL('../test-fixtures/scripted-engine.mjs', import.meta.url));
const clients: Codex[] = [];
afterEach(async () => {
  for (const codex of clients.splice(0)) await codex.close();
});

/** A client of a scripted engine. */
function client(script: object, config: CodexConfig = {}): Codex {
  const codex = new Codex({ launchArgsOverride: [process.execPath, program, JSON.stringify(script)], ...config });
  clients.push(codex);
  return codex;
}

test('the engine gets the command line, the folder, and this environment under the given one', async () => {
  const env = { TWINPROOF_TEST: 'given', TWINPROOF_UNDER: 'over' };
  process.env.TWINPROOF_UNDER = 'under';
  const codex = client({ launch: [{ launch: true }] }, { env, cwd: import.meta.dirname });
  const seen = await codex.request('launch');
  delete process.env.TWINPROOF_UNDER;
  expect(seen).toMatchObject({ argv: [], cwd: import.meta.dirname, env: { ...env, PATH: process.env.PATH } });
});

test('a program that cannot be started is said, and the folder that is missing', async () => {
  const absent = client({}, { launchArgsOverride: null, codexBin: '/nowhere/codex' });
  await expect(absent.connect()).rejects.toMatchObject({ name: 'LaunchError' });
  const missing = client({}, { launchArgsOverride: ['/nowhere/engine'] });
  await expect(missing.connect()).rejects.toThrow(/could not start the Codex process \/nowhere\/engine: .*ENOENT/);
  await expect(client({}, { cwd: '/nowhere' }).connect()).rejects.toThrow(
    'the working directory /nowhere does not exist',
  );
});

test('a death in mid-turn: what came before is delivered, and the cause quotes all of stderr', async () => {
  const started = { notify: 'item/agentMessage/delta', params: { threadId: 'th', turnId: 't', delta: 'x' } };
  const codex = client({
    'thread/start': [{ result: { thread: { id: 'th' } } }],
    'turn/start': [{ result: { turn: { id: 't' } } }, started],
    // More than a pipe holds, so that the end of stdout is seen long before the end of stderr.
    die: [{ closeStdout: true }, { stderr: 'line\n', times: 100_000 }, { stderr: 'last words' }, { exit: 3 }],
  });
  const handle = await (await codex.threadStart()).turn('hi');
  const death = codex.request('die');
  const stream = handle.stream();
  expect(await stream.next()).toMatchObject({ value: { payload: { delta: 'x' } } });
  const text = 'Codex process ended with exit code 3. Its last words: last words';
  const calls = { die: death, 'reading the events of turn t': stream.next(), later: codex.request('later') };
  for (const [action, call] of Object.entries(calls)) {
    const error = await call.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransportClosedError);
    expect(error).toMatchObject({ name: 'EngineExitError', message: text, action, exitCode: 3, signal: null });
    expect((error as EngineExitError).stderrTail.split('\n')).toHaveLength(400);
  }
  await expect(handle.run()).rejects.toThrow('Turn subscription closed');
});

test('an engine that closes its stdout and lives on is gone as well, and is ended', async () => {
  const codex = client({ launch: [{ launch: true }], mute: [{ ignoreEnd: true }, { closeStdout: true }] });
  const { pid } = await codex.request('launch');
  await expect(codex.request('mute')).rejects.toMatchObject({ name: 'TransportClosedError' });
  await codex.close();
  expect(await ended(Number(pid))).toBe(true);
});

test('a malformed line ends the connection and the engine with it', async () => {
  const codex = client({ launch: [{ launch: true }], bad: [{ raw: 'not json\n' }] });
  const { pid } = await codex.request('launch');
  await expect(codex.request('bad')).rejects.toThrow("Invalid JSON-RPC line: 'not json\\n'");
  await expect(codex.request('later')).rejects.toThrow('Invalid JSON-RPC line');
  await codex.close();
  expect(await ended(Number(pid))).toBe(true);
});

test('bytes that are not UTF-8 end the connection', async () => {
  const codex = client({ bad: [{ base64: Buffer.from([0x22, 0xff, 0x22, 0x0a]).toString('base64') }] });
  await expect(codex.request('bad')).rejects.toThrow('it is not UTF-8');
});

test('a line of five megabytes, a last line without its end, line separators inside strings', async () => {
  const big = 'é\u2028'.repeat(1_000_000);
  const codex = client({ echo: [{ echo: true }], last: [{ raw: '{"method":"last/words","params":{}}' }, { exit: 0 }] });
  expect(await codex.request('echo', { big })).toEqual({ params: { big } });
  await expect(codex.request('last')).rejects.toThrow('ended with exit code 0');
  for await (const { method } of codex.notifications()) {
    expect(method).toBe('last/words');
    break;
  }
});

test('close ends an engine that ignores both the end of its stdin and SIGTERM', async () => {
  const codex = client({ start: [{ ignoreEnd: true }], launch: [{ launch: true }] });
  const waiting = codex.request('never');
  waiting.catch(() => {});
  const { pid } = await codex.request('launch');
  await codex.close();
  expect(await ended(Number(pid))).toBe(true);
  await expect(waiting).rejects.toThrow(/^Codex process closed stdout\. stderr_tail=$/);
});

test('what waits fails at the end of close(), so that a program may look at it afterwards', async () => {
  const codex = client({ wait: [{ notify: 'taken', params: {} }] });
  const taken = codex.notifications();
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const waiting = codex.request('wait');
  await taken.next();
  await codex.close();
  await expect(waiting).rejects.toThrow(TransportClosedError);
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

test('close during the start leaves nothing', async () => {
  const codex = client({ initialize: [] });
  const connecting = codex.connect();
  connecting.catch(() => {});
  await codex.close();
  await expect(connecting).rejects.toMatchObject({ name: 'TransportClosedError' });
});

test('an engine that no longer reads is gone', async () => {
  const codex = client({ deaf: [{ result: {} }, { closeStdin: true }, { notify: 'deaf', params: {} }] });
  await codex.request('deaf');
  for await (const { method } of codex.notifications()) if (String(method) === 'deaf') break;
  await expect(codex.request('x', { big: 'x'.repeat(200_000) })).rejects.toMatchObject({
    name: 'TransportClosedError',
  });
});

test('writing to a dead engine is never an unhandled EPIPE', async () => {
  const codex = client({ die: [{ exit: 0 }] });
  await codex.connect();
  const calls = [
    codex.request('die'),
    ...Array.from({ length: 20 }, () => codex.request('x', { big: 'x'.repeat(50_000) })),
  ];
  const outcomes = await Promise.allSettled(calls);
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
});

test('a flood of stderr, bytes that are not UTF-8 among it, never blocks the engine', async () => {
  const noise = { stderr: `${'x'.repeat(99)}\n`, times: 10_000 };
  const codex = client({ flood: [noise, { stderrBase64: '/w==' }, noise, { result: { done: true } }] });
  expect(await codex.request('flood')).toEqual({ done: true });
});

test('a grandchild that holds the pipes open does not hold up the end', async () => {
  const codex = client({ breed: [{ grandchild: true }, { result: {} }], die: [{ exit: 0 }] });
  await codex.request('breed');
  await expect(codex.request('die')).rejects.toThrow('ended with exit code 0');
});

test('calls on a connection that is gone leave no listener on what is left of the process', async () => {
  const codex = client({ die: [{ exit: 1 }] });
  const sockets = new Set<Socket>();
  const { unref } = Socket.prototype;
  const seen = vi.spyOn(Socket.prototype, 'unref').mockImplementation(function (this: Socket) {
    sockets.add(this);
    return unref.call(this);
  });
  await codex.connect();
  // The connection lets go of the program once nobody reacts any more.
  await new Promise((resolve) => setImmediate(resolve));
  await expect(codex.request('die')).rejects.toMatchObject({ kind: 'engine-exited' });
  for (let call = 0; call < 15; call += 1)
    await expect(codex.request('more')).rejects.toMatchObject({ kind: 'engine-exited' });
  seen.mockRestore();
  expect(sockets.size).toBeGreaterThan(0);
  for (const socket of sockets) expect(socket.listenerCount('connect')).toBe(0);
});
