import { afterEach, expect, test, vi } from 'vitest';
import { setUp } from '../test-fixtures/memory-connection.ts';

afterEach(() => void vi.useRealTimers());

test('answers find their callers in any order; ids that were not given out find nobody', async () => {
  const { ask, send } = await setUp();
  const [one, two] = [await ask('a', { x: null }), await ask('b')];
  expect(one.sent).toEqual({ id: one.id, method: 'a', params: { x: null } });
  expect(two.sent).toEqual({ id: two.id, method: 'b' });
  for (const id of [1, null, 'stray', {}]) send({ id, result: { wrong: true } });
  send({});
  send({ id: two.id, result: { n: 2 } });
  send({ id: one.id, result: { n: 1 } });
  expect(await Promise.all([one.answer, two.answer])).toEqual([{ n: 1 }, { n: 2 }]);
});

test('an answer that is no object, or a broken error, fails its caller alone', async () => {
  const { ask, send } = await setUp();
  for (const result of [null, 5, 'x', [], true, undefined]) {
    const { answer, id } = await ask('m');
    send({ id, result });
    await expect(answer).rejects.toThrow('m response must be a JSON object');
  }
  const { answer, id } = await ask('m');
  send({ id, error: { code: 'abc', message: 'odd' } });
  await expect(answer).rejects.toThrow('JSON-RPC error -32000: odd');
  const last = await ask('m');
  send({ id: last.id, result: {} });
  expect(await last.answer).toEqual({});
});

test('notifications come in order; parameters that are no object count as none', async () => {
  const { notifications, send } = await setUp();
  for (const params of [{ a: 1 }, [1], null, undefined]) send({ method: 'n', params });
  send({ method: 5, params: {} });
  expect(notifications).toEqual([{ a: 1 }, {}, {}, {}].map((params) => ['n', params]));
});

test('after a malformed line every call fails at once with its cause, and nothing more is believed', async () => {
  let closes = 0;
  // An engine that goes on talking while it is being closed.
  const close = async () => {
    closes += 1;
  };
  const { connection, peer, notifications, ask, send } = await setUp({}, { close });
  const { answer } = await ask('m');
  peer.send('garbage');
  send({ method: 'n' });
  for (const call of [answer, connection.request('later', {})]) {
    await expect(call).rejects.toThrow("Invalid JSON-RPC line: 'garbage\\n'");
  }
  expect(() => connection.notify('later')).toThrow('Invalid JSON-RPC line');
  expect(notifications).toEqual([]);
  expect(closes).toBe(1);
});

test('close fails what waits, and what comes later', async () => {
  const { connection, ask } = await setUp();
  const { answer } = await ask('m');
  await Promise.all([connection.close(), connection.close()]);
  await expect(answer).rejects.toThrow(/^Codex process closed stdout\. stderr_tail=$/);
  await expect(connection.request('m', {})).rejects.toThrow(/^Codex process is not running$/);
});

test('an abort before the sending sends nothing; after it, the late answer is dropped', async () => {
  const { connection, peer, ask, send } = await setUp();
  await expect(connection.request('m', {}, { signal: AbortSignal.abort('no') })).rejects.toMatchObject({ cause: 'no' });
  expect(peer.received).toEqual([]);
  const controller = new AbortController();
  const { answer, id } = await ask('m', {}, { signal: controller.signal });
  controller.abort();
  await expect(answer).rejects.toMatchObject({ name: 'AbortError', message: 'm was aborted' });
  send({ id, result: {} });
});

test('a request that is not answered in time fails alone', async () => {
  vi.useFakeTimers();
  const { ask } = await setUp();
  const { answer } = await ask('m', {}, { timeoutMs: 5000 });
  vi.advanceTimersByTime(5000);
  await expect(answer).rejects.toMatchObject({ name: 'TimeoutError', message: 'm was not answered within 5000 ms' });
});

test('the time counts from the beginning of the call, and one that is no time is refused', async () => {
  vi.useFakeTimers();
  const { connection, ask, peer, send } = await setUp();
  const since = performance.now();
  vi.advanceTimersByTime(3000);
  const answer = connection.request('m', {}, { timeoutMs: 5000, since });
  const { id } = JSON.parse(await peer.next()) as { id: string };
  vi.advanceTimersByTime(2000);
  await expect(answer).rejects.toMatchObject({ kind: 'timeout', action: 'm', timeoutMs: 5000, retryable: true });
  send({ id, result: { late: true } });
  for (const timeoutMs of [-1, Number.NaN]) {
    await expect(connection.request('m', {}, { timeoutMs })).rejects.toThrow(RangeError);
  }
  expect(peer.received).toEqual([]);
  const { answer: patient } = await ask('m', {}, { timeoutMs: Number.POSITIVE_INFINITY });
  expect(vi.getTimerCount()).toBe(0);
  await connection.close();
  await expect(patient).rejects.toMatchObject({ action: 'm' });
});

test('the default time counts from the sending: what the call waited for before is not in it', async () => {
  vi.useFakeTimers();
  const { connection, peer, send } = await setUp({}, {}, 1000);
  const since = performance.now();
  vi.advanceTimersByTime(1500);
  const answer = connection.request('m', {}, { since });
  const { id } = JSON.parse(await peer.next()) as { id: string };
  vi.advanceTimersByTime(999);
  send({ id, result: {} });
  expect(await answer).toEqual({});
  const late = connection.request('m', {}, { since });
  vi.advanceTimersByTime(1000);
  await expect(late).rejects.toMatchObject({ timeoutMs: 1000 });
});

test('what JSON cannot hold is refused before anything is sent', async () => {
  const { connection, peer } = await setUp();
  await expect(connection.request('m', { n: 1n })).rejects.toThrow(TypeError);
  expect(peer.received).toEqual([]);
});

test.each([
  ['item/commandExecution/requestApproval', { result: { decision: 'decline' } }],
  ['item/fileChange/requestApproval', { result: { decision: 'decline' } }],
  ['item/permissions/requestApproval', { result: { permissions: {}, scope: 'turn' } }],
  ['item/tool/requestUserInput', { result: { answers: {} } }],
  ['mcpServer/elicitation/request', { result: { action: 'decline', content: null, _meta: null } }],
  ['unknown/request', { error: { code: -32601, message: 'this client does not answer unknown/request' } }],
  [5, { result: {} }],
])('without a handler, %s is answered safely', async (method, answer) => {
  const { peer, send } = await setUp();
  for (const id of ['x', 7, null]) {
    send({ id, method, params: {} });
    expect(JSON.parse(await peer.next())).toEqual({ id, ...answer });
  }
});

test('a handler answers off the read loop, and may send requests itself', async () => {
  const { connection, peer, send } = await setUp({
    onServerRequest: async ({ method }) => ({ asked: method, answer: await connection.request('inner', {}) }) as never,
  });
  send({ id: 1, method: 'ask', params: {} });
  const inner = JSON.parse(await peer.next()) as { id: string };
  send({ id: inner.id, result: { ok: true } });
  expect(JSON.parse(await peer.next())).toEqual({ id: 1, result: { asked: 'ask', answer: { ok: true } } });
});

test('a handler that throws, or answers what JSON cannot hold, costs only its answer', async () => {
  const errors: unknown[] = [];
  const answers: Record<string, () => never> = {
    throws: () => {
      throw new Error('broken');
    },
    circular: () => {
      const self: Record<string, unknown> = {};
      self.self = self;
      return self as never;
    },
    function: () => (() => {}) as never,
    pass: () => undefined as never,
  };
  const { peer, send } = await setUp({
    onServerRequest: ({ method }) => answers[method]?.(),
    onServerRequestError: async (error) => {
      errors.push(error);
      throw new Error('the reporter fails too, and nobody hears of it');
    },
  });
  for (const method of Object.keys(answers)) {
    send({ id: method, method });
    expect(JSON.parse(await peer.next())).toMatchObject({ id: method, error: { code: -32601 } });
  }
  expect(errors.map(String)).toEqual([
    'Error: broken',
    expect.stringContaining('TypeError: Converting circular'),
    "TypeError: a server request's result must be a JSON value, not a function",
  ]);
});

test('a handler that waits is told when the connection is gone, and answers nobody', async () => {
  let tell: (reason: unknown) => void = () => {};
  const told = new Promise((resolve) => {
    tell = resolve;
  });
  const { connection, peer, send } = await setUp({
    onServerRequest: (_, { signal }) => {
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          tell(signal.reason);
          resolve({} as never);
        });
        connection.notify('handler runs');
      });
    },
  });
  send({ id: 1, method: 'ask' });
  await peer.next();
  peer.end(new Error('gone'));
  expect(await told).toMatchObject({ kind: 'transport-closed', message: 'gone', cause: new Error('gone') });
  expect(peer.received).toEqual([]);
});
