import { expect, test } from 'vitest';
import type { TurnState } from '../index.ts';
import { completed, item, startTurn, until, withThread } from '../test-fixtures/connected-client.ts';

test('a handle tells the state of its turn and every change, whatever is read of its events', async () => {
  let answer = (_: object) => {};
  const { engine, codex, thread } = await withThread({
    onServerRequest: () => new Promise((resolve) => (answer = resolve as typeof answer)),
  });
  const { handle } = await startTurn(engine, thread);
  expect(handle.state).toBe('starting');
  const seen: TurnState[] = [];
  const reading = (async () => {
    for await (const state of handle.states()) seen.push(state);
  })();
  engine.send(item('1'));
  expect(handle.state).toBe('streaming');
  const request = { id: 7, method: 'item/commandExecution/requestApproval', params: { threadId: 'th', turnId: 't' } };
  engine.send(request);
  expect(handle.state).toBe('awaiting-approval');
  await until(() => seen.length === 3);
  await new Promise((resolve) => setImmediate(resolve));
  answer({ decision: 'decline' });
  await until(() => handle.state === 'streaming');
  expect(await engine.next()).toMatchObject({ id: 7, result: { decision: 'decline' } });
  engine.send(request);
  engine.notify('serverRequest/resolved', { threadId: 'th', requestId: 7 });
  expect(handle.state).toBe('streaming');
  engine.send(completed());
  await reading;
  expect(seen).toEqual([
    'starting',
    'streaming',
    'awaiting-approval',
    'streaming',
    'awaiting-approval',
    'streaming',
    'completed',
  ]);
  expect(handle.state).toBe('completed');
  const late = [];
  for await (const state of handle.states()) late.push(state);
  expect(late).toEqual(['completed']);
  await codex.close();
});

test('a turn whose connection goes before its end is lost; an abort and a break end one reader', async () => {
  const { engine, codex, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  const abort = new AbortController();
  const [aborted, left, kept] = [handle.states({ signal: abort.signal }), handle.states(), handle.states()] as const;
  for (const states of [aborted, left, kept]) expect(await states.next()).toMatchObject({ value: 'starting' });
  const waiting = [aborted.next(), left.next(), kept.next()] as const;
  abort.abort();
  await expect(waiting[0]).rejects.toMatchObject({ name: 'AbortError' });
  await left.return();
  expect(await waiting[1]).toMatchObject({ done: true });
  engine.peer.end();
  expect(await waiting[2]).toMatchObject({ value: 'lost' });
  expect(await kept.next()).toMatchObject({ done: true });
  await codex.close();
});
