import { expect, it } from 'vitest';
import { BareFeed } from './bare-client.ts';

async function methods(stream: AsyncIterator<{ method: string }>, count: number): Promise<string[]> {
  const out: string[] = [];
  while (out.length < count) out.push((await stream.next()).value.method);
  return out;
}

it('gives a late stream what came before it, and leaves turns and logins to who began them', async () => {
  const feed = new BareFeed();
  feed.push('thread/started', { thread: { id: 't' } });
  feed.push('turn/started', { threadId: 't', turn: { id: 'u' } });
  feed.push('item/started', { threadId: 't', turnId: 'u' });
  feed.push('account/login/completed', { loginId: 'l', success: true });
  const all = feed.events();
  const common = feed.notifications();
  expect(await methods(all, 4)).toEqual(['thread/started', 'turn/started', 'item/started', 'account/login/completed']);
  expect(await methods(common, 1)).toEqual(['thread/started']);
  const next = methods(common, 2);
  feed.push('account/login/completed', { loginId: null, success: true });
  feed.push('thread/goal/updated', { threadId: 't', turnId: null });
  expect(await next).toEqual(['account/login/completed', 'thread/goal/updated']);
});

it('tells the end of a turn, before it and after it, and fails with the connection', async () => {
  const feed = new BareFeed();
  const waiting = feed.turnCompleted('two');
  feed.push('turn/completed', { threadId: 't', turn: { id: 'one' } });
  feed.push('turn/completed', { threadId: 't', turn: { id: 'two' } });
  expect(await waiting).toEqual({ threadId: 't', turn: { id: 'two' } });
  expect(await feed.turnCompleted('one')).toEqual({ threadId: 't', turn: { id: 'one' } });
  const gone = new Error('gone');
  const never = feed.turnCompleted('three');
  feed.fail(gone);
  await expect(never).rejects.toBe(gone);
});
