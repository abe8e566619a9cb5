import { expect, test } from 'vitest';
import { Latches } from './latches.ts';

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
