import { expect, test } from 'vitest';
import { BoundedQueue } from './bounded-queue.ts';

test('a full queue lets go of the oldest, and counts it', () => {
  const queue = new BoundedQueue<number>(3);
  for (let i = 1; i <= 5; i += 1) queue.push(i);
  expect([queue.length, queue.dropped]).toEqual([3, 2]);
  expect([queue.shift(), queue.shift()]).toEqual([3, 4]);
  queue.push(6);
  expect([queue.shift(), queue.shift(), queue.shift(), queue.length]).toEqual([5, 6, undefined, 0]);
});
