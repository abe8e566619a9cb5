import { setImmediate as nextTick } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { EngineEvent, Notification, ServerRequest } from '../index.ts';
import { completed, connected, item, setUp, startTurn, until, withThread } from '../test-fixtures/connected-client.ts';
import { gc } from '../test-fixtures/gc.ts';

const approval = (id: number, more: object = {}) => ({
  id,
  method: 'item/commandExecution/requestApproval',
  params: { threadId: 'th', turnId: 't', itemId: 'i', ...more },
});
const idle = { method: 'thread/status/changed', params: { threadId: 'th', status: { type: 'idle' } } };

const name = (event: EngineEvent | ServerRequest | Notification) =>
  'id' in event ? `ask ${String(event.id)}` : event.method;

async function collect(events: AsyncIterable<EngineEvent>, into: string[], label = ''): Promise<void> {
  for await (const event of events) into.push(label + name(event));
}

test('a handler is called after everything that came before its request has been delivered to whoever waits for it', async () => {
  const seen: string[] = [];
  const { engine, codex, thread } = await withThread({
    onServerRequest: (request) => {
      seen.push(`handler of ${String(request.id)}`);
      return { decision: 'decline' };
    },
  });
  const { handle } = await startTurn(engine, thread);
  const reading = [
    collect(handle.stream(), seen, 'stream: '),
    collect(codex.notifications(), seen, 'notification: ').catch(() => {}),
    collect(codex.events(), seen, 'event: ').catch(() => {}),
  ];
  await nextTick();
  for (const message of [item('1'), item('2'), idle, approval(1), item('3'), approval(2)]) engine.send(message);
  await until(() => seen.includes('handler of 2'));
  const before = (label: string) => seen.slice(0, seen.indexOf('handler of 1')).filter((one) => one.startsWith(label));
  expect(before('event')).toEqual([
    'event: item/completed',
    'event: item/completed',
    'event: thread/status/changed',
    'event: ask 1',
    'event: item/completed',
    'event: ask 2',
  ]);
  expect(before('stream')).toHaveLength(3);
  expect(before('notification')).toEqual(['notification: thread/status/changed']);
  expect(seen.filter((one) => one.startsWith('handler'))).toEqual(['handler of 1', 'handler of 2']);
  engine.send(completed());
  await reading[0];
  await codex.close();
  await Promise.all(reading);
});

test('a reader that does something else holds no handler back, nor does one that never reads', async () => {
  let asked = 0;
  const { engine, codex, thread } = await withThread({
    onServerRequest: () => {
      asked += 1;
      return { decision: 'decline' };
    },
  });
  const { handle } = await startTurn(engine, thread);
  const unread = codex.events();
  let go = () => {};
  const busy = new Promise<void>((resolve) => {
    go = resolve;
  });
  const seen: string[] = [];
  const reading = (async () => {
    for await (const event of handle.stream()) {
      seen.push(event.method);
      await busy;
    }
  })();
  for (const message of [item('1'), item('2'), approval(1)]) engine.send(message);
  await until(() => asked === 1);
  expect(seen).toEqual(['item/completed']);
  go();
  engine.send(completed());
  await reading;
  expect(seen).toHaveLength(3);
  await unread.return();
  await codex.close();
});

test('every reader has everything, whoever started it, in the order of the wire; the same objects as streams and handlers', async () => {
  const asked: ServerRequest[] = [];
  const { engine, codex, thread } = await withThread({
    onServerRequest: (request) => {
      asked.push(request);
      return undefined;
    },
  });
  const readers = [codex.events(), codex.events(), codex.events({ threadId: 'other' })] as const;
  const { handle } = await startTurn(engine, thread);
  const other = { method: 'turn/started', params: { threadId: 'other', turn: { id: 'of a sub-agent' } } };
  for (const message of [item('1'), other, idle, approval(7, { threadId: 'other' }), completed()]) engine.send(message);
  const first: EngineEvent[][] = [];
  for (const reader of readers.slice(0, 2)) {
    const read: EngineEvent[] = [];
    while (read.length < 5) read.push((await reader.next()).value as EngineEvent);
    expect(read.map(name)).toEqual([
      'item/completed',
      'turn/started',
      'thread/status/changed',
      'ask 7',
      'turn/completed',
    ]);
    first.push(read);
  }
  expect(first[0]?.every((event, index) => event === first[1]?.[index])).toBe(true);
  expect((await handle.stream().next()).value).toBe(first[0]?.[0]);
  await until(() => asked.length === 1);
  expect(asked[0]).toBe(first[0]?.[3]);
  const ofOther = [await readers[2].next(), await readers[2].next()].map(({ value }) => name(value as EngineEvent));
  expect(ofOther).toEqual(['turn/started', 'ask 7']);
  await codex.close();
  await expect(readers[0].next()).rejects.toThrow('Codex process closed stdout');
  expect(await readers[0].next()).toEqual({ done: true, value: undefined });
});

test('made before there is a connection, it has everything from the first message on, whoever connects', async () => {
  const { engine, codex } = setUp();
  const early = codex.events();
  const connecting = codex.connect();
  await until(() => engine.peers.length === 1);
  engine.notify('configWarning', { summary: 'w' });
  await engine.greet();
  await connecting;
  expect((await early.next()).value).toMatchObject({ method: 'configWarning' });
  await codex.close();
});

test('reading connects', async () => {
  const { engine, codex } = setUp();
  const next = codex.events().next();
  await until(() => engine.peers.length === 1);
  engine.notify('configWarning', { summary: 'w' });
  expect((await next).value).toMatchObject({ method: 'configWarning' });
  await engine.greet();
  await codex.close();
});

test('leaving a loop, an abort and a lag end one reader, and no other', async () => {
  const { engine, codex } = await connected({ unreadLimit: 5 * 700 });
  const abort = new AbortController();
  const [left, aborted, slow, steady] = [
    codex.events(),
    codex.events({ signal: abort.signal }),
    codex.events(),
    codex.events(),
  ] as const;
  const waiting = [left.next(), aborted.next(), steady.next()] as const;
  await nextTick();
  await left.return();
  expect(await waiting[0]).toEqual({ done: true, value: undefined });
  abort.abort('enough');
  await expect(waiting[1]).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
  const read = [];
  for (let i = 0; i < 8; i += 1) {
    engine.send(idle);
    read.push(i === 0 ? await waiting[2] : await steady.next());
  }
  expect(read).toHaveLength(8);
  await expect(slow.next()).rejects.toMatchObject({ kind: 'lagging' });
  expect(await slow.next()).toEqual({ done: true, value: undefined });
  await codex.close();
});

test('a reader that is dropped keeps nothing', async () => {
  const { engine, codex } = await connected();
  let kept: WeakRef<object> | undefined;
  const holder = codex.events();
  (() => void codex.events({ threadId: 'th' }))();
  engine.send(approval(1));
  kept = new WeakRef((await holder.next()).value as object);
  for (let i = 0; i < 100 && kept.deref(); i += 1) {
    await nextTick();
    gc();
  }
  expect(kept.deref()).toBeUndefined();
  await codex.close();
});

test('a turn that nobody here has started can be attached to at any time, and is had from its first event on', async () => {
  const { engine, codex, thread } = await withThread();
  const events = codex.events();
  engine.notify('turn/started', { threadId: 'th', turn: { id: 'u', items: [], status: 'inProgress' } });
  engine.send(item('1', 'u'));
  engine.send(completed('u'));
  for await (const event of events) {
    if (event.method !== 'turn/started') continue;
    const turn = await thread.attach(event.payload.turn.id);
    expect((await turn.run()).items).toHaveLength(1);
    expect(await codex.waitForTurnCompleted('u')).toMatchObject({ turn: { id: 'u' } });
    break;
  }
  await codex.close();
});
