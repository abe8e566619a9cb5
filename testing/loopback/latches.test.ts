import { expect, onTestFinished, test } from 'vitest';
import { Latches, startLatchServer } from './latches.ts';

test('all who wait go on at the release, and those who come later at once', async () => {
  const latches = new Latches();
  const order: string[] = [];
  latches.onRelease((name) => order.push(`heard ${name}`));
  const first = latches.wait('a').then(() => order.push('first'));
  const second = latches.wait('a').then(() => order.push('second'));
  expect(order).toEqual([]);
  latches.release('a');
  latches.release('a');
  await Promise.all([first, second]);
  await latches.wait('a');
  expect(order).toEqual(['heard a', 'first', 'second']);
  expect([...latches.released]).toEqual(['a']);
});

test('an abort ends the wait with its reason, and the latch can still be released', async () => {
  const latches = new Latches();
  const abort = new AbortController();
  const waited = latches.wait('a', abort.signal);
  abort.abort(new Error('left'));
  await expect(waited).rejects.toThrow('left');
  await expect(latches.wait('b', abort.signal)).rejects.toThrow('left');
  latches.release('a');
  await latches.wait('a');
});

test('the server of latches serves waits alone', async () => {
  const server = await startLatchServer();
  onTestFinished(() => server.close());
  expect((await fetch(`${server.url}/latch/a/release`)).status).toBe(404);
  expect((await fetch(`${server.url}/latch/a/wait`, { method: 'POST' })).status).toBe(404);
  const waited = fetch(`${server.url}/latch/a%20b/wait`);
  await server.reached('a b');
  server.release('a b');
  expect(await (await waited).text()).toBe('ok\n');
});
