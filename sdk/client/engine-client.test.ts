import { expect, test } from 'vitest';
import { TransportClosedError } from '../errors/connection-errors.ts';
import { completed, connected, item, startTurn, withThread } from '../test-fixtures/connected-client.ts';

const delta = (text: string, turnId = 't') => ({
  method: 'item/agentMessage/delta',
  params: { threadId: 'th', turnId, itemId: 'i', delta: text },
});

test('an aborted wait for a notification swallows none', async () => {
  const { engine, codex } = await connected();
  const controller = new AbortController();
  const aborted = codex.nextNotification({ signal: controller.signal });
  controller.abort();
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  for (const message of ['1', '2']) engine.notify('warning', { message });
  const seen = [await codex.nextNotification(), await codex.nextNotification()];
  expect(seen.map(({ payload }) => payload)).toEqual([{ message: '1' }, { message: '2' }]);
});

test('the end of a turn can be waited for by its id; one that has been seen to end is refused', async () => {
  const { engine, codex, thread } = await withThread();
  const { handle } = await startTurn(engine, thread);
  const waiting = codex.waitForTurnCompleted('t');
  await codex.connect();
  for (const message of [item('1'), completed('other'), completed('t', 'failed')]) engine.send(message);
  expect(await waiting).toEqual(completed('t', 'failed').params);
  await expect(handle.run()).rejects.toThrow('turn failed with status failed');
  await expect(codex.waitForTurnCompleted('t')).rejects.toThrow('Turn is no longer streaming');
});

test('an end that does not say which turn it ends does not leave the caller waiting', async () => {
  const { engine, codex } = await withThread();
  const waiting = codex.waitForTurnCompleted('t');
  await codex.connect();
  engine.send({ method: 'turn/completed', params: { turnId: 't' } });
  await expect(waiting).rejects.toThrow('Turn is no longer streaming');
});

test('a login can be waited for by its id', async () => {
  const { engine, codex } = await connected();
  const waiting = codex.waitForLoginCompleted('l');
  engine.notify('account/login/completed', { loginId: 'l', success: true });
  expect(await waiting).toEqual({ loginId: 'l', success: true });
});

test('the texts of a turn, from its start to its end, with other calls between them', async () => {
  const { engine, codex, thread } = await withThread();
  const texts = thread.streamText('hi', { model: 'm' });
  const first = texts.next();
  const request = await engine.next();
  expect(request).toMatchObject({ method: 'turn/start', params: { threadId: 'th', model: 'm' } });
  engine.send(delta('early'));
  engine.send({ id: request.id, result: { turn: { id: 't' } } });
  expect((await first).value).toMatchObject({ delta: 'early' });
  await Promise.all([codex.models(), engine.answer({})]);
  for (const message of [delta('other', 'other'), delta('late'), completed()]) engine.send(message);
  const rest = [];
  for await (const text of texts) rest.push(text.delta);
  expect(rest).toEqual(['late']);
});

test('the texts end with the result: a message without deltas is a piece, and one with deltas comes once', async () => {
  const { engine, thread } = await withThread();
  const texts = thread.streamText('hi');
  const first = texts.next();
  const request = await engine.next();
  engine.send({ id: request.id, result: { turn: { id: 't' } } });
  const said = { ...delta('pie'), params: { ...delta('pie').params, itemId: 'pieces' } };
  for (const message of [said, item('pieces'), item('whole'), item(''), item('other', 'other'), completed()])
    engine.send(message);
  expect((await first).value).toMatchObject({ delta: 'pie' });
  expect(await texts.next()).toMatchObject({ value: { delta: 'whole', itemId: 'whole', threadId: 'th', turnId: 't' } });
  expect(await texts.next()).toMatchObject({ done: true, value: { status: 'completed', finalResponse: '' } });
  expect(await texts.next()).toEqual({ done: true, value: undefined });
});

test('a failed turn fails its texts, after the last of them', async () => {
  const { engine, thread } = await withThread();
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { delta } of thread.streamText('hi')) seen.push(delta);
  })();
  const request = await engine.next();
  engine.send({ id: request.id, result: { turn: { id: 't' } } });
  const error = { message: 'no key', codexErrorInfo: 'unauthorized' };
  engine.send(delta('a'));
  engine.notify('turn/completed', { threadId: 'th', turn: { id: 't', items: [], status: 'failed', error } });
  await expect(reading).rejects.toMatchObject({ name: 'AuthError', message: 'no key', result: { id: 't' } });
  expect(seen).toEqual(['a']);
});

test('ending the texts or the notifications frees a wait for the next, and swallows nothing', async () => {
  const { engine, codex, thread } = await withThread();
  const texts = thread.streamText('hi');
  const text = texts.next();
  const request = await engine.next();
  engine.send({ id: request.id, result: { turn: { id: 't' } } });
  const notifications = codex.notifications();
  const notification = notifications.next();
  await Promise.all([codex.models(), engine.answer({})]);
  await Promise.all([texts.return(undefined as never), notifications.return()]);
  expect([await text, await notification]).toEqual([{ done: true }, { done: true }]);
  engine.notify('warning', { message: 'later' });
  expect(await codex.nextNotification()).toMatchObject({ payload: { message: 'later' } });
});

test('an abort of the texts is an error, and what cannot start a turn is refused at once', async () => {
  const { engine, thread } = await withThread();
  const controller = new AbortController();
  const text = thread.streamText('hi', { signal: controller.signal }).next();
  await engine.next();
  controller.abort('enough');
  await expect(text).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
  expect(() => thread.streamText(7 as never)).toThrow('unsupported input item');
});

test('the end of the engine frees everyone who waits, each with the cause and what he was doing; who asks later as well', async () => {
  const { engine, codex, thread } = await withThread();
  const login = codex.loginChatgptDeviceCode();
  await engine.answer({ type: 'chatgptDeviceCode', loginId: 'l', verificationUrl: 'v', userCode: 'u' });
  const { handle } = await startTurn(engine, thread);
  const waits = {
    'account/read': codex.account(),
    'turn/start': thread.turn('next'),
    'reading the events of turn t': handle.stream().next(),
    'reading the events of turn other': codex.waitForTurnCompleted('other'),
    'waiting for the login l': (await login).wait(),
    'waiting for the login m': codex.waitForLoginCompleted('m'),
    'waiting for the next notification': codex.nextNotification(),
  };
  for (const wait of Object.values(waits)) wait.catch(() => {});
  // Both requests are on their way, and the new turn has already said something.
  for (let sent = 0; sent < 2; sent += 1) await engine.next();
  engine.send(delta('early', 'new'));
  engine.peer.end(new TransportClosedError('gone'));
  const later = {
    'account/logout': codex.logout(),
    'waiting for the login l': (await login).wait(),
    'waiting for the next notification': codex.notifications().next(),
  };
  for (const [action, wait] of [...Object.entries(waits), ...Object.entries(later)]) {
    await expect(wait).rejects.toMatchObject({ name: 'TransportClosedError', message: 'gone', action });
  }
});
