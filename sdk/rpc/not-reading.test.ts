import { expect, test } from 'vitest';
import { Codex, type CodexConfig, type EngineNotReadingError, memoryTransport } from '../index.ts';
import { connected, startTurn, until, withThread } from '../test-fixtures/connected-client.ts';

const big = 'x'.repeat(600);
const limited = { unsentLimit: 1000 } satisfies CodexConfig;
const refused = (action: string) => ({
  name: 'EngineNotReadingError',
  kind: 'not-reading',
  action,
  retryable: true,
  limitBytes: 1000,
  message: expect.stringMatching(
    /^Sending .* to the engine: expected an engine that reads what it is sent, got \d+ bytes that it has not read, more than CodexConfig\.unsentLimit \(1000\)\. Repeat the call/,
  ),
});

/** A client whose engine has left more unread than the limit allows. */
async function stuck(config: CodexConfig = {}) {
  const { engine, codex, thread } = await withThread({ ...limited, ...config });
  const { handle } = await startTurn(engine, thread);
  const waiting = [1, 2].map((number) => codex.threadArchive(`${big}${number}`));
  await until(() => engine.peer.received.length === 2);
  return { engine, codex, thread, handle, waiting };
}

test('beyond the limit each call is refused and nothing of it is sent; once the engine reads, the same call works', async () => {
  const { engine, codex, thread, handle, waiting } = await stuck();
  const calls: Record<string, () => Promise<unknown>> = {
    'thread/unarchive': () => codex.threadUnarchive('x'),
    'turn/start': () => thread.run('hi'),
    'turn/steer': () => handle.steer('hi'),
    'turn/interrupt': () => handle.interrupt(),
    'model/list': () => codex.rpc.modelList({}),
    'own/method': () => codex.request('own/method', {}),
  };
  for (const [action, call] of Object.entries(calls)) {
    const error = await call().then(
      () => undefined,
      (thrown: EngineNotReadingError) => thrown,
    );
    expect(error).toMatchObject(refused(action));
    expect(error?.unsentBytes).toBe(engine.peer.received.join('').length);
    expect(error?.stack).toContain('not-reading.test.ts');
  }
  expect(engine.peer.received).toHaveLength(2);
  await Promise.all([...waiting, engine.answer({}), engine.answer({})]);
  const [, request] = await Promise.all([calls['turn/steer']?.(), engine.answer({ turnId: 't' })]);
  expect(request).toMatchObject({ method: 'turn/steer' });
  await codex.close();
});

test('one line of any size is sent while no more than the limit is waiting', async () => {
  const { engine, codex } = await connected({ unsentLimit: 0 });
  const [, request] = await Promise.all([codex.threadArchive(big.repeat(1000)), engine.answer({})]);
  expect(request.params).toEqual({ threadId: big.repeat(1000) });
  await codex.close();
});

test('a wait that is over makes no room: what was sent is still there', async () => {
  const { engine, codex, waiting } = await stuck();
  for (const call of waiting) void call.catch(() => {});
  await expect(codex.threadArchive('x', { signal: AbortSignal.abort() })).rejects.toThrow('was aborted');
  await expect(codex.threadArchive('x')).rejects.toMatchObject(refused('thread/archive'));
  expect(engine.peer.received).toHaveLength(2);
  await codex.close();
});

test('close ends what waits', async () => {
  const { codex, waiting } = await stuck();
  const outcomes = waiting.map((call) => expect(call).rejects.toMatchObject({ kind: 'transport-closed' }));
  await codex.close();
  await Promise.all(outcomes);
});

const asks = {
  'an answer of a handler': 'item/commandExecution/requestApproval',
  'the result of a tool': 'item/tool/call',
};
test.each(Object.entries(asks))('%s has twice the room; beyond that everybody is told', async (_, method) => {
  const failures: unknown[] = [];
  const { engine, codex, handle, waiting } = await stuck({
    onServerRequest: (request) =>
      request.method === 'item/tool/call'
        ? { contentItems: [{ type: 'inputText', text: big }], success: true }
        : { decision: 'decline', note: big },
    onServerRequestError: (error) => void failures.push(error),
  });
  const params = { threadId: 'th', turnId: 't', itemId: 'i', callId: 'c', tool: 'x', arguments: {} };
  const before = engine.peer.received.length;
  const events = handle.stream();
  for (let id = 1; engine.peer.received.join('').length <= 2000; id += 1) {
    engine.send({ id, method, params });
    await until(() => engine.peer.received.length === before + id);
  }
  engine.send({ id: 100, method, params });
  const told = refused(`the answer to ${method}`);
  for (const call of waiting) await expect(call).rejects.toMatchObject({ ...told, action: 'thread/archive' });
  await expect(events.next()).rejects.toMatchObject({ kind: 'not-reading' });
  await expect(codex.models()).rejects.toMatchObject({ kind: 'not-reading', action: 'model/list' });
  expect(engine.peer.closed).toBe(true);
  expect(failures).toEqual([]);
  await codex.close();
});

test('a transport of your own that does not say what is waiting is not limited', async () => {
  const { transport, peer } = memoryTransport();
  const { open, send, close, setKeepsAlive } = transport;
  const codex = new Codex({ ...limited, transport: () => ({ open, send, close, setKeepsAlive }) });
  const connecting = codex.connect();
  const { id } = JSON.parse(await peer.next()) as { id: string };
  peer.send(JSON.stringify({ id, result: { userAgent: 'engine/1.0' } }));
  await connecting;
  const calls = Array.from({ length: 10 }, () => codex.threadArchive(big).catch(() => {}));
  await until(() => peer.received.length === 11);
  await codex.close();
  await Promise.all(calls);
});

test('a limit below nothing is refused, and NaN is no limit', async () => {
  const limited = (unsentLimit: number) => new Codex({ unsentLimit, transport: () => memoryTransport().transport });
  await expect(limited(-1).connect()).rejects.toThrow('CodexConfig.unsentLimit must be a number');
  expect(() => limited(Number.NaN)).toThrow('expected a number, got NaN');
});
