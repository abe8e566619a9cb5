import { expect, test } from 'vitest';
import { loadContract } from '../../harness/contract/load-contract.ts';
import { routesOf } from './routing.ts';

test("the routes are those of Python's registry: 28 payload types by turnId, two by turn.id", async () => {
  const contract = await loadContract();
  const listed = Object.entries(contract.methods.serverNotifications).filter(([, { unlisted }]) => unlisted !== true);
  const routes = routesOf(Object.fromEntries(listed), contract);
  const payloads = (turn: string): Set<string | null> =>
    new Set(listed.filter(([method]) => routes[method]?.turn === turn).map(([, { params }]) => params));
  expect(payloads('turnId').size).toBe(28);
  expect(payloads('turn.id')).toEqual(new Set(['TurnStartedNotification', 'TurnCompletedNotification']));
  expect(routes['thread/started']).toEqual({ turn: null, thread: 'thread.id' });
  expect(routes['item/completed']).toEqual({ turn: 'turnId', thread: 'threadId' });
});
