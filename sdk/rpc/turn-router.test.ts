import { setImmediate as nextTick } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { TransportClosedError } from '../errors/connection-errors.ts';
import { gc } from '../test-fixtures/gc.ts';
import { keepNothing } from '../test-fixtures/keep-nothing.ts';
import type { Notification } from './notification.ts';
import { TurnRouter } from './turn-router.ts';

const nothing = { turns: 0, events: 0 };
const cause = new TransportClosedError('gone');

function delta(text: string, turnId = 't'): Notification {
  const payload = { delta: text, itemId: 'i', threadId: 'th', turnId };
  return { method: 'item/agentMessage/delta', payload, known: true };
}

function completed(turnId = 't'): Notification {
  const payload = { threadId: 'th', turn: { id: turnId, items: [], status: 'completed' } };
  return { method: 'turn/completed', payload, known: true };
}

function setUp() {
  const router = new TurnRouter(keepNothing);
  const route = (...events: Notification[]) => {
    for (const event of events) router.route('t', 'th', event);
  };
  return { router, route };
}

test('a start whose turn is seen to have ended, and of which nothing is kept, is told so and does not wait', async () => {
  const { router, route } = setUp();
  router.attach('t', 'th').close();
  route(completed());
  const start = router.beginStart('other');
  const subscription = start.attach('t');
  start.end();
  await expect(subscription.next()).rejects.toThrow('Turn is no longer streaming');
});

test('a start that may be of any thread finds the events of its turn, whichever thread it is on', async () => {
  const { router, route } = setUp();
  const start = router.beginStart(undefined);
  route(delta('a'));
  router.route('u', 'another', delta('b', 'u'));
  expect(router.retained).toEqual({ turns: 2, events: 2 });
  const subscription = start.attach('u');
  start.end();
  expect(await subscription.next()).toEqual(delta('b', 'u'));
  // The other one is somebody else's.
  expect(router.retained).toEqual({ turns: 2, events: 1 });
});

test('events from the sending of the request on are kept, the end included', async () => {
  const { router, route } = setUp();
  route(delta('before'));
  const start = router.beginStart('th');
  route(delta('early'), completed());
  const subscription = start.attach('t');
  start.end();
  expect([await subscription.next(), await subscription.next()]).toEqual([delta('early'), completed()]);
  await expect(subscription.next()).rejects.toThrow('Turn is no longer streaming');
  subscription.close();
  expect(router.retained).toEqual(nothing);
});

test('what began while a start failed is the turn of somebody else, and is kept like any other of those', async () => {
  const { router, route } = setUp();
  const start = router.beginStart('th');
  router.route('other', 'other thread', delta('x', 'other'));
  route(delta('early'));
  start.end();
  route(delta('late'), completed());
  expect(router.retained).toEqual({ turns: 2, events: 4 });
  for (const subscription of [router.attach('t', 'th'), router.attach('t', 'th')]) {
    const read = [await subscription.next(), await subscription.next(), await subscription.next()];
    expect(read).toEqual([delta('early'), delta('late'), completed()]);
    await expect(subscription.next()).rejects.toThrow('Turn is no longer streaming');
  }
});

test('the turns of others are kept within one limit for all, the oldest let go first, whole', async () => {
  const router = new TurnRouter(keepNothing, 5 * 500);
  for (const turn of ['a', 'b']) for (const text of ['1', '2']) router.route(turn, turn, delta(text, turn));
  expect(router.retained).toEqual({ turns: 2, events: 4 });
  for (const text of ['3', '4']) router.route('b', 'b', delta(text, 'b'));
  expect(router.retained).toEqual({ turns: 2, events: 4 });
  const [a, b] = [router.attach('a', 'a'), router.attach('b', 'b')];
  router.route('a', 'a', completed('a'));
  expect(await a.next()).toEqual(completed('a'));
  expect(await b.next()).toEqual(delta('1', 'b'));
});

test('more than a thousand turns of others are not kept, however small, nor those that never end', () => {
  const { router } = setUp();
  for (let turn = 0; turn < 2500; turn += 1) router.route(String(turn), 'th', delta('x', String(turn)));
  expect(router.retained).toEqual({ turns: 2000, events: 1000 });
  for (let turn = 0; turn < 2500; turn += 1) router.route(String(turn), 'th', completed(String(turn)));
  expect(router.retained.turns).toBeLessThanOrEqual(1000);
});

test('a start that joins a running turn begins where it was sent', async () => {
  const { router, route } = setUp();
  const first = router.attach('t', 'th');
  route(delta('1'));
  const start = router.beginStart('th');
  route(delta('2'));
  const second = start.attach('t');
  start.end();
  expect(await second.next()).toEqual(delta('2'));
  expect(await first.next()).toEqual(delta('1'));
});

test('an event lives until the slowest reader has it', async () => {
  const { router, route } = setUp();
  const [fast, slow] = [router.attach('t', 'th'), router.attach('t', 'th')];
  const texts = Array.from({ length: 1000 }, (_, i) => String(i));
  route(...texts.map((text) => delta(text)));
  for (const text of texts) expect(await fast.next()).toEqual(delta(text));
  expect(router.retained).toEqual({ turns: 1, events: 1000 });
  for (const text of texts.slice(0, 400)) expect(await slow.next()).toEqual(delta(text));
  expect(router.retained).toEqual({ turns: 1, events: 600 });
  slow.close();
  expect(router.retained).toEqual({ turns: 1, events: 0 });
  route(completed());
  expect(await fast.next()).toEqual(completed());
});

test('a wait that is aborted swallows nothing; waits are served in order', async () => {
  const { router, route } = setUp();
  const subscription = router.attach('t', 'th');
  const controller = new AbortController();
  const aborted = subscription.next(controller.signal);
  const waits = [subscription.next(), subscription.next()];
  controller.abort();
  route(delta('1'), delta('2'));
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  expect(await Promise.all(waits)).toEqual([delta('1'), delta('2')]);
});

test('closing frees a wait, and only its own', async () => {
  const { router, route } = setUp();
  const [one, other] = [router.attach('t', 'th'), router.attach('t', 'th')];
  const waits = [one.next(), other.next()] as const;
  one.close();
  await expect(waits[0]).rejects.toThrow('Turn subscription closed');
  route(delta('1'));
  expect(await waits[1]).toEqual(delta('1'));
});

test('a late handle is refused, whether or not another still holds the turn', async () => {
  const { router, route } = setUp();
  const holder = router.attach('t', 'th');
  route(completed());
  await expect(router.attach('t', 'th').next()).rejects.toThrow('Turn is no longer streaming');
  holder.close();
  await expect(router.attach('t', 'th').next()).rejects.toThrow('Turn is no longer streaming');
});

test('at the end of the connection: first what came before, then the cause, for everyone', async () => {
  const { router, route } = setUp();
  const [one, other] = [router.attach('t', 'th'), router.attach('t', 'th')];
  const finished = router.attach('done', 'th');
  route(delta('1'));
  router.route('done', 'th', completed('done'));
  const start = router.beginStart('th');
  router.fail(cause);
  const inFlight = start.attach('new');
  start.end();
  expect(await one.next()).toEqual(delta('1'));
  await expect(one.next()).rejects.toThrow(cause.message);
  await expect(one.next()).rejects.toThrow('Turn is no longer streaming');
  expect(await other.next()).toEqual(delta('1'));
  await expect(other.next()).rejects.toThrow(cause.message);
  expect(await finished.next()).toEqual(completed('done'));
  await expect(inFlight.next()).rejects.toThrow(cause.message);
  await expect(router.attach('after', 'th').next()).rejects.toThrow(cause.message);
});

test('a reader that does not read is given up, and says so; the others go on, and nothing of it stays', async () => {
  const router = new TurnRouter(keepNothing, 5 * 600);
  const [fast, slow] = [router.attach('t', 'th'), router.attach('t', 'th')];
  const route = (event: Notification) => router.route('t', 'th', event, 100);
  for (const text of ['1', '2', '3', '4', '5']) route(delta(text));
  for (const text of ['1', '2', '3', '4']) expect(await fast.next()).toEqual(delta(text));
  expect(await slow.next()).toEqual(delta('1'));
  route(delta('6'));
  expect(router.retained).toEqual({ turns: 1, events: 5 });
  route(delta('7'));
  expect(router.retained).toEqual({ turns: 1, events: 3 });
  await expect(slow.next()).rejects.toMatchObject({ kind: 'lagging', message: expect.stringContaining('event 2 ') });
  await expect(slow.next()).rejects.toMatchObject({ kind: 'lagging' });
  for (const text of ['5', '6', '7']) expect(await fast.next()).toEqual(delta(text));
});

test('one event that is larger than the limit still reaches who waits for it', async () => {
  const router = new TurnRouter(keepNothing, 10);
  const subscription = router.attach('t', 'th');
  const wait = subscription.next();
  router.route('t', 'th', delta('big'), 1000);
  expect(await wait).toEqual(delta('big'));
  router.route('t', 'th', completed(), 1000);
  expect(await subscription.next()).toEqual(completed());
});

test('a start that is not answered keeps no more than the limit either', async () => {
  const router = new TurnRouter(keepNothing, 5 * 500);
  const start = router.beginStart('th');
  for (let i = 0; i < 100; i += 1) router.route('t', 'th', delta(String(i)));
  expect(router.retained.events).toBeLessThanOrEqual(5);
  await expect(start.attach('t').next()).rejects.toMatchObject({ kind: 'lagging' });
  start.end();
  expect(router.retained.events).toBe(0);
});

test('a turn that ends before the answer to its start, beyond the limit, says what was let go', async () => {
  const router = new TurnRouter(keepNothing, 2_000);
  const start = router.beginStart('th');
  for (const event of [delta('a'), delta('b'), completed()]) router.route('t', 'th', event, 1_000);
  const subscription = start.attach('t');
  start.end();
  await expect(subscription.next()).rejects.toMatchObject({ kind: 'lagging' });
  subscription.close();
  expect(router.retained).toEqual(nothing);
});

test('a turn that its events name late keeps what came before they did', async () => {
  const router = new TurnRouter(keepNothing);
  const start = router.beginStart('th');
  router.route('t', undefined, delta('a'));
  router.route('t', 'th', delta('b'));
  const subscription = start.attach('t');
  start.end();
  expect([await subscription.next(), await subscription.next()]).toEqual([delta('a'), delta('b')]);
});

test('a subscription that is dropped unread lets go of its events', async () => {
  const { router, route } = setUp();
  (() => void router.attach('t', 'th'))();
  route(delta('1'));
  expect(router.retained.events).toBe(1);
  for (let i = 0; i < 100 && router.retained.events > 0; i += 1) {
    await nextTick();
    gc();
  }
  expect(router.retained.events).toBe(0);
  route(completed());
  expect(router.retained).toEqual(nothing);
});
