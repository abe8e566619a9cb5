import { setImmediate as nextTick } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { gc } from '../test-fixtures/gc.ts';
import { keepNothing } from '../test-fixtures/keep-nothing.ts';
import type { Notification } from './notification.ts';
import { TurnRouter } from './turn-router.ts';

const told = (method: 'item/started' | 'item/completed' | 'turn/completed', turnId: string) =>
  ({ method, payload: { threadId: 'th', turnId, turn: { id: turnId } }, known: true }) as unknown as Notification;
const router = () => new TurnRouter(keepNothing);

test('a handle on a turn that has ended is refused when nobody else holds it', async () => {
  const turns = router();
  const holder = turns.attach('t', 'th');
  turns.route('t', 'th', told('item/started', 't'));
  holder.close();
  turns.route('t', 'th', told('turn/completed', 't'));
  await expect(turns.attach('t', 'th').next()).rejects.toThrow('Turn is no longer streaming');
});

test('the events of another turn of the same thread are not this one’s', async () => {
  const turns = router();
  const subscription = turns.attach('t', 'th');
  turns.route('u', 'th', told('turn/completed', 'u'));
  turns.route('t', 'th', told('item/started', 't'));
  expect(await subscription.next()).toEqual(told('item/started', 't'));
});

const collector = () => {
  const methods: string[] = [];
  return { methods, take: ({ method }: Notification) => void methods.push(method) };
};

test('what is gathered of a closed handle keeps no event, and ends with the turn', async () => {
  const turns = router();
  const keeper = {};
  const subscription = turns.attach('t', 'th').keep(keeper);
  const gathering = subscription.gather(collector());
  subscription.close();
  turns.route('t', 'th', told('item/completed', 't'));
  expect(turns.retained).toEqual({ turns: 1, events: 0 });
  expect(subscription.keeper).toBe(keeper);
  turns.route('t', 'th', told('turn/completed', 't'));
  expect(turns.retained).toEqual({ turns: 0, events: 0 });
  expect((await subscription.gathered(gathering)).methods).toEqual(['item/completed', 'turn/completed']);
  expect(subscription.keeper).toBe(undefined);
});

test('a closed handle that is dropped leaves nothing to gather for; one that is waited for stays', async () => {
  const turns = router();
  const closed = (turnId: string) => {
    const subscription = turns.attach(turnId, 'th');
    const gathering = subscription.gather(collector());
    subscription.close();
    return { subscription, gathering };
  };
  closed('dropped');
  const waiting = (({ subscription, gathering }) => subscription.gathered(gathering))(closed('waited'));
  expect(turns.retained).toEqual({ turns: 2, events: 0 });
  for (let i = 0; i < 100 && turns.retained.turns > 1; i += 1) {
    await nextTick();
    gc();
  }
  expect(turns.retained).toEqual({ turns: 1, events: 0 });
  gc();
  await nextTick();
  turns.route('waited', 'th', told('turn/completed', 'waited'));
  expect((await waiting).methods).toEqual(['turn/completed']);
});

test('a gathering that begins beyond the limit says so', async () => {
  const turns = new TurnRouter(keepNothing, 1);
  const subscription = turns.attach('t', 'th');
  for (let i = 0; i < 2; i += 1) turns.route('t', 'th', told('item/started', 't'));
  const gathering = subscription.gather(collector());
  await expect(subscription.gathered(gathering)).rejects.toMatchObject({ kind: 'lagging' });
});
