import { expect, test } from 'vitest';
import { completed, item, startTurn, withThread } from '../test-fixtures/connected-client.ts';

test('everyone who waits is told that the connection is gone, each with what he was doing', async () => {
  const { engine, codex, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  const [login] = await Promise.all([
    codex.loginChatgpt(),
    engine.answer({ type: 'chatgpt', loginId: 'l', authUrl: 'a' }),
  ]);
  const waiting = {
    'model/list': codex.models(),
    'reading the events of turn t': handle.run(),
    'waiting for the login l': login.wait(),
    'waiting for the next notification': codex.nextNotification(),
  };
  await engine.next();
  engine.peer.end();
  for (const [action, wait] of Object.entries(waiting)) {
    await expect(wait).rejects.toMatchObject({ name: 'TransportClosedError', action });
  }
});

test('an engine that dies before it answers a start: the start fails, also after events of its turn', async () => {
  const { engine, thread } = await withThread();
  const starting = thread.turn('hi');
  await engine.next();
  engine.send(item('early'));
  engine.peer.end();
  await expect(starting).rejects.toMatchObject({ name: 'TransportClosedError', action: 'turn/start' });
});

test('an engine that dies right after its answer: a turn that has ended before has its result', async () => {
  const { engine, thread } = await withThread();
  const starting = thread.turn('hi');
  const request = await engine.next();
  for (const message of [item('said'), completed(), { id: request.id, result: { turn: { id: 't' } } }]) {
    engine.send(message);
  }
  engine.peer.end();
  expect(await (await starting).run()).toMatchObject({ status: 'completed', finalResponse: 'said' });
});

test('a call after the end is told the cause at once, nothing is sent, and the close is silent', async () => {
  const { engine, codex } = await withThread();
  engine.peer.end();
  for (const call of [codex.models(), codex.models()]) {
    await expect(call).rejects.toMatchObject({ name: 'TransportClosedError', action: 'model/list' });
  }
  expect(engine.peer.received).toEqual([]);
  await codex.close();
});
