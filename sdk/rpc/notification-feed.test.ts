import { expect, test } from 'vitest';
import { BoundedQueue } from './notification-feed.ts';

test('a full queue lets go of the oldest, and counts it', () => {
  const queue = new BoundedQueue<number>(3, Number.POSITIVE_INFINITY);
  for (let i = 1; i <= 5; i += 1) queue.push(i, 0);
  expect([queue.length, queue.dropped]).toEqual([3, 2]);
  expect([queue.shift(), queue.shift()]).toEqual([3, 4]);
  queue.push(6, 0);
  expect([queue.shift(), queue.shift(), queue.shift(), queue.length]).toEqual([5, 6, undefined, 0]);
});

test('a heavy queue lets go of as many as it must; the newest stays', () => {
  const queue = new BoundedQueue<number>(100, 10);
  for (const weight of [4, 4, 4]) queue.push(weight, weight);
  expect([queue.length, queue.dropped]).toEqual([2, 1]);
  queue.push(50, 50);
  expect([queue.length, queue.dropped, queue.shift(), queue.shift()]).toEqual([1, 3, 50, undefined]);
  for (const weight of [5, 5]) queue.push(weight, weight);
  expect([queue.length, queue.dropped]).toEqual([2, 3]);
});
