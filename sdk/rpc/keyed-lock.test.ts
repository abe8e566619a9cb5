import { expect, test } from 'vitest';
import { KeyedLock } from './keyed-lock.ts';

test('one holder per key, in the order of asking; nothing is left when idle', async () => {
  const lock = new KeyedLock();
  const order: string[] = [];
  const first = await lock.acquire('a');
  const other = await lock.acquire('b');
  const rest = ['second', 'third'].map(async (name) => {
    const release = await lock.acquire('a');
    order.push(name);
    release();
  });
  // Whoever does not wait gets it within a few ticks.
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual([]);
  first();
  await Promise.all(rest);
  other();
  expect(order).toEqual(['second', 'third']);
  expect(lock.size).toBe(0);
});

test('a key that is released twice is released once: the next holder keeps it', async () => {
  const lock = new KeyedLock();
  const first = await lock.acquire('a');
  const second = lock.acquire('a');
  first();
  const release = await second;
  first();
  expect(lock.isHeld('a')).toBe(true);
  let got = false;
  const third = lock.acquire('a').then((free) => {
    got = true;
    return free;
  });
  first();
  await new Promise((resolve) => setImmediate(resolve));
  expect(got).toBe(false);
  release();
  (await third)();
  expect(lock.size).toBe(0);
});
