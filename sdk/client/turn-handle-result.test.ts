import { describe, expect, test } from 'vitest';
import { completed, item, startTurn, until, withThread } from '../test-fixtures/connected-client.ts';
import type { TurnHandle } from './turn-handle.ts';

async function startedTurn(unreadLimit?: number) {
  const { engine, codex, thread } = await withThread(unreadLimit === undefined ? {} : { unreadLimit });
  const { handle } = await startTurn(engine, thread, [item('first')]);
  const end = (status?: string) => {
    for (const message of [item('last'), completed('t', status)]) engine.send(message);
  };
  return { engine, codex, thread, handle, end };
}
type Started = Awaited<ReturnType<typeof startedTurn>>;

async function readAll(handle: TurnHandle): Promise<string[]> {
  const methods: string[] = [];
  for await (const { method } of handle.stream()) methods.push(method);
  return methods;
}
async function breakOff(handle: TurnHandle): Promise<void> {
  for await (const _ of handle.stream()) break;
}
async function abortRun(handle: TurnHandle): Promise<void> {
  await expect(handle.run({ signal: AbortSignal.abort() })).rejects.toThrow('was aborted');
}
async function abortResult(handle: TurnHandle): Promise<void> {
  const aborted = handle.result({ signal: AbortSignal.abort('enough') });
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
}
async function after(first: () => unknown, then: () => unknown): Promise<void> {
  await first();
  await then();
}

const whole = { id: 't', status: 'completed', finalResponse: 'last', items: [{ text: 'first' }, { text: 'last' }] };

/** What is done before `result()` is asked for, and whether the handle's events are still there afterwards. */
const ways: Record<string, { before: (started: Started) => unknown; leaves: boolean }> = {
  'before any stream, of a running turn': { before: ({ end }) => queueMicrotask(end), leaves: true },
  'before any stream, of a turn that is over': { before: ({ end }) => end(), leaves: true },
  'after the whole stream': { before: ({ handle, end }) => after(end, () => readAll(handle)), leaves: false },
  'after run()': { before: ({ handle, end }) => after(end, () => handle.run()), leaves: false },
  'after a break': { before: ({ handle, end }) => after(() => breakOff(handle), end), leaves: false },
  'after an aborted run()': { before: ({ handle, end }) => after(() => abortRun(handle), end), leaves: false },
  'after a result() that was aborted': {
    before: ({ handle, end }) => after(() => abortResult(handle), end),
    leaves: true,
  },
  again: { before: ({ handle, end }) => after(end, () => handle.result()), leaves: true },
};

test.each(Object.entries(ways))('the result %s', async (_, { before, leaves }) => {
  const started = await startedTurn();
  await before(started);
  expect(await started.handle.result()).toMatchObject(whole);
  if (leaves) expect(await started.handle.run()).toMatchObject(whole);
  else await expect(started.handle.run()).rejects.toThrow('Turn subscription closed');
});

test('the result beside a stream, which has every event', async () => {
  const { handle, end } = await startedTurn();
  const [reading, result] = [readAll(handle), handle.result()];
  end();
  expect(await result).toMatchObject(whole);
  expect(await reading).toEqual(['item/completed', 'item/completed', 'turn/completed']);
});

test('who waits for the result inside the loop reads on afterwards', async () => {
  const { handle, end } = await startedTurn();
  const results: unknown[] = [];
  for await (const { method } of handle.stream()) {
    if (results.length === 0) queueMicrotask(end);
    results.push([method, (await handle.result()).status]);
  }
  expect(results).toEqual([
    ['item/completed', 'completed'],
    ['item/completed', 'completed'],
    ['turn/completed', 'completed'],
  ]);
});

test('an interrupted turn is a result; a failed one rejects, each time with an error of its own', async () => {
  const interrupted = await startedTurn();
  interrupted.end('interrupted');
  expect(await interrupted.handle.result()).toMatchObject({ ...whole, status: 'interrupted' });
  const failed = await startedTurn();
  failed.end('failed');
  await readAll(failed.handle);
  const errors = await Promise.all([1, 2].map(() => failed.handle.result().catch((error: unknown) => error)));
  for (const error of errors) expect(error).toMatchObject({ name: 'TurnFailedError', result: { status: 'failed' } });
  expect(errors[0]).not.toBe(errors[1]);
});

test('an abort ends its own wait alone', async () => {
  const { handle, end } = await startedTurn();
  const controller = new AbortController();
  const [aborted, other, reading] = [handle.result({ signal: controller.signal }), handle.result(), handle.run()];
  controller.abort('enough');
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
  end();
  expect(await other).toMatchObject(whole);
  expect(await reading).toMatchObject(whole);
});

describe('the engine dies', () => {
  test.each(['waiting', 'left'])('before the turn’s end, the handle %s', async (how) => {
    const { engine, handle } = await startedTurn();
    if (how === 'left') await breakOff(handle);
    const waiting = handle.result();
    engine.peer.end();
    const failure = { name: 'TransportClosedError', action: 'waiting for the result of turn t' };
    await expect(waiting).rejects.toMatchObject(failure);
    await expect(handle.result()).rejects.toMatchObject(failure);
  });

  test('after the turn’s end, the result is there', async () => {
    const { engine, codex, handle, end } = await startedTurn();
    end();
    await handle.result();
    engine.peer.end();
    await until(() => engine.peer.closed);
    expect(await handle.result()).toMatchObject(whole);
    await codex.close();
  });
});

test('a handle attached later has the result from there on; one of a turn that is over has none', async () => {
  const { thread, handle, end } = await startedTurn();
  const late = await thread.attach('t');
  end();
  expect(await late.result()).toMatchObject({ ...whole, items: [{ text: 'last' }] });
  expect(await handle.result()).toMatchObject(whole);
  const over = await thread.attach('t');
  await expect(over.result()).rejects.toThrow('Turn is no longer streaming');
});

test('a completion that cannot be read ends the wait', async () => {
  const { engine, handle } = await startedTurn();
  engine.send({ method: 'turn/completed', params: { turnId: 't' } });
  await expect(handle.result()).rejects.toThrow('turn completed event not received');
});

test('items beyond the limit are let go, which the result says; a single large one stays', async () => {
  const single = await startedTurn(1);
  single.engine.send(completed());
  expect(await single.handle.result()).toMatchObject({ finalResponse: 'first' });
  const { handle, end } = await startedTurn(1);
  const waiting = handle.result();
  end();
  await expect(waiting).rejects.toMatchObject({ kind: 'lagging', message: expect.stringContaining('unreadLimit') });
});

test('a closed handle says what closed it, and what gives the result', async () => {
  const { handle, end } = await startedTurn();
  end();
  await readAll(handle);
  await expect(handle.run()).rejects.toThrow(
    'Turn subscription closed: its events have been read to the end; for the result, use turn.result()',
  );
  const left = await startedTurn();
  await breakOff(left.handle);
  await expect(readAll(left.handle)).rejects.toThrow(
    'Turn subscription closed: reading its events ended early, as a loop was left, or a call was aborted or failed; for the result, use turn.result()',
  );
});
