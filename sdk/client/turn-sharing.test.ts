import { expect, test } from 'vitest';
import { completed, item, startTurn, until, withThread } from '../test-fixtures/connected-client.ts';

test('what comes while a call waits: the call is answered, the turn has its events, the rest is in the stream of all', async () => {
  const { engine, codex, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  const models = codex.models();
  const request = await engine.next();
  engine.notify('unknown/global', { a: 1 });
  engine.send(item('of the turn'));
  engine.send(completed());
  engine.send({ id: request.id, result: { data: [] } });
  expect(await models).toEqual({ data: [] });
  expect(await handle.run()).toMatchObject({ finalResponse: 'of the turn' });
  expect(await codex.nextNotification()).toEqual({ method: 'unknown/global', payload: { a: 1 }, known: false });
});

test('a start that is refused after events of its turn: the error is raised, and a later turn of that name has none of them', async () => {
  const { engine, thread } = await withThread();
  const refused = thread.turn('no');
  const request = await engine.next();
  engine.send(item('discarded'));
  engine.send({ id: request.id, error: { code: -32600, message: 'refused' } });
  await expect(refused).rejects.toMatchObject({ name: 'InvalidRequestError' });
  const { handle } = await startTurn(engine, thread, [item('kept'), completed()]);
  expect((await handle.run()).items).toMatchObject([{ text: 'kept' }]);
});

test('two handles on one turn each have every event from their own start on, whichever is read first', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread, [item('1')]);
  const { handle: joined } = await startTurn(engine, thread, [item('2')]);
  expect(joined.id).toBe(handle.id);
  engine.send(completed());
  expect((await joined.run()).items).toMatchObject([{ text: '2' }]);
  expect((await handle.run()).items).toMatchObject([{ text: '1' }, { text: '2' }]);
});

test('the handle that is closed leaves the other whole', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread, [item('1')]);
  const { handle: joined } = await startTurn(engine, thread);
  for await (const event of handle.stream()) {
    expect(event.method).toBe('item/completed');
    break;
  }
  engine.send(completed());
  expect(await joined.run()).toMatchObject({ status: 'completed' });
});

test('a reader that is cancelled is freed at once and has no place any more; the other handle is whole', async () => {
  const { engine, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  const { handle: other } = await startTurn(engine, thread);
  const controller = new AbortController();
  const reading = handle.run({ signal: controller.signal });
  controller.abort('enough');
  await expect(reading).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
  await expect(handle.run()).rejects.toThrow('Turn subscription closed');
  for (const message of [item('1'), completed()]) engine.send(message);
  expect(await other.run()).toMatchObject({ status: 'completed', items: [{ text: '1' }] });
});

test('the body of await using ends the engine, an error of its own too', async () => {
  const { engine, codex } = await withThread();
  const failing = async () => {
    await using client = codex;
    await client.connect();
    throw new Error('of the body');
  };
  await expect(failing()).rejects.toThrow('of the body');
  await until(() => engine.peer.closed);
});
