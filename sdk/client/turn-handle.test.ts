import { expect, test } from 'vitest';
import { completed, item, startTurn, withThread } from '../test-fixtures/connected-client.ts';
import { TextInput } from './inputs.ts';

test('everything may come before the answer to the start', async () => {
  const { engine, thread } = await withThread();
  const { request, handle } = await startTurn(engine, thread, [item('answer'), item('other', 'other'), completed()]);
  expect(request.params).toEqual({ threadId: 'th', input: [{ type: 'text', text: 'hi' }] });
  expect(await handle.run()).toMatchObject({ id: 't', finalResponse: 'answer', items: [{ text: 'answer' }] });
  await expect(handle.run()).rejects.toThrow('Turn subscription closed');
});

test('a stream ends with its own turn’s completion, a failed one too', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  for (const message of [item('1'), completed('other'), completed('t', 'failed'), item('late')]) engine.send(message);
  const methods = [];
  for await (const { method, known } of handle.stream()) methods.push([method, known]);
  expect(methods).toEqual([
    ['item/completed', true],
    ['turn/completed', true],
  ]);
});

test('a broken completion ends the stream as well', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  engine.send({ method: 'turn/completed', params: { turnId: 't' } });
  await expect(handle.run()).rejects.toThrow('turn completed event not received');
});

test('a stream closed before its first event leaves the handle usable, one broken off does not', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread, [item('1')]);
  await handle.stream().return();
  for await (const seen of handle.stream()) {
    expect(seen.payload).toMatchObject({ turnId: 't' });
    break;
  }
  await expect(handle.run()).rejects.toThrow('Turn subscription closed');
});

test('ending a stream frees the wait for its next event', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  const stream = handle.stream();
  const waiting = stream.next();
  await stream.return();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test('one start per thread at a time; other threads and other calls do not wait', async () => {
  const { engine, codex, thread } = await withThread();
  const [second] = await Promise.all([codex.threadResume('th2'), engine.answer({ thread: { id: 'th2' } })]);
  const turns = [thread.turn('1'), thread.turn('2'), second.turn('3')];
  const first = await engine.next();
  const other = await engine.next();
  expect([first, other].map(({ params }) => params?.threadId)).toEqual(['th', 'th2']);
  await Promise.all([thread.setName('n'), engine.answer({})]);
  engine.send({ id: other.id, result: { turn: { id: 'c' } } });
  engine.send({ id: first.id, error: { code: -32600, message: 'no' } });
  await expect(turns[0]).rejects.toMatchObject({ name: 'InvalidRequestError' });
  expect((await engine.answer({ turn: { id: 'b' } })).params).toMatchObject({ threadId: 'th' });
  expect([(await turns[1])?.id, (await turns[2])?.id]).toEqual(['b', 'c']);
});

test('an aborted start: queued, it is never sent; sent, its caller is freed and its answer released', async () => {
  const { engine, thread } = await withThread();
  const controllers = [new AbortController(), new AbortController()];
  const turns = controllers.map(({ signal }) => thread.turn('x', { signal }));
  const sent = await engine.next();
  for (const controller of controllers) controller.abort('enough');
  for (const turn of turns) await expect(turn).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
  engine.send({ id: sent.id, result: { turn: { id: 'unwanted' } } });
  expect(await engine.answer({})).toMatchObject({ method: 'turn/interrupt', params: { turnId: 'unwanted' } });
  engine.send(completed('unwanted', 'interrupted'));
  const { handle, request } = await startTurn(engine, thread, [completed()]);
  expect(request.params?.input).toEqual([{ type: 'text', text: 'hi' }]);
  expect((await handle.run()).status).toBe('completed');
  expect(engine.peer.received).toEqual([]);
});

test('steer and interrupt name the turn', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  const [, steered] = await Promise.all([handle.steer([new TextInput('more')]), engine.answer({ turnId: 't' })]);
  expect(steered).toMatchObject({
    method: 'turn/steer',
    params: { threadId: 'th', expectedTurnId: 't', input: [{ type: 'text', text: 'more' }] },
  });
  const [, interrupted] = await Promise.all([handle.interrupt(), engine.answer({})]);
  expect(interrupted).toMatchObject({ method: 'turn/interrupt', params: { threadId: 'th', turnId: 't' } });
});

test('a handle attached later gets what comes then', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread, [item('1')]);
  const late = await thread.attach('t');
  engine.send(completed());
  expect(await handle.run()).toMatchObject({ finalResponse: '1' });
  expect(await late.run()).toMatchObject({ finalResponse: null, status: 'completed' });
  await expect((await thread.attach('t')).run()).rejects.toThrow('Turn is no longer streaming');
});

test('an abort frees one reader of a turn and closes his handle; the other reads on', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  const other = await thread.attach('t');
  const controller = new AbortController();
  const [aborted, whole] = [handle.run({ signal: controller.signal }), other.run()];
  controller.abort('enough');
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
  await expect(handle.run()).rejects.toThrow('Turn subscription closed');
  for (const message of [item('answer'), completed()]) engine.send(message);
  expect(await whole).toMatchObject({ finalResponse: 'answer' });
});

test('an error that the engine tells during a turn is an event, and ends nothing', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  for (const [willRetry, codexErrorInfo] of [
    [true, 'other'],
    [false, { brandNew: {} }],
  ]) {
    engine.notify('error', { threadId: 'th', turnId: 't', willRetry, error: { message: 'm', codexErrorInfo } });
  }
  engine.send(completed());
  const methods = [];
  for await (const { method } of handle.stream()) methods.push(method);
  expect(methods).toEqual(['error', 'error', 'turn/completed']);
});
