import { expect, test } from 'vitest';
import type { Notification } from './notification.ts';
import { TurnRouter } from './turn-router.ts';

const told = (method: 'item/started' | 'turn/completed', turnId: string) =>
  ({ method, payload: { threadId: 'th', turnId, turn: { id: turnId } }, known: true }) as unknown as Notification;
const router = () => new TurnRouter(() => () => {});

test('what was kept for a start that failed is gone at once, the events of other threads were never there', () => {
  const turns = router();
  const start = turns.beginStart('th');
  turns.route('t', 'th', told('item/started', 't'));
  turns.route('u', 'another', told('item/started', 'u'));
  expect(turns.retained).toEqual({ turns: 1, events: 1 });
  start.end();
  expect(turns.retained).toEqual({ turns: 0, events: 0 });
});

test('a handle on a turn that has ended is refused when nobody else holds it', async () => {
  const turns = router();
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
