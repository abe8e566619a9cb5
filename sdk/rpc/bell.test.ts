import { expect, test } from 'vitest';
import { Bell } from './bell.ts';

test('a ring wakes everyone, an abort its own wait; nothing is left, and the host is let go', async () => {
  const bell = new Bell();
  let holds = 0;
  const hold = () => {
    holds += 1;
    return () => {
      holds -= 1;
    };
  };
  const controller = new AbortController();
  const aborted = bell.wait(hold, controller.signal);
  const others = [bell.wait(hold), bell.wait(hold)];
  controller.abort();
  await aborted;
  expect([bell.waiting, holds]).toEqual([2, 2]);
  bell.ring();
  await Promise.all(others);
  await bell.wait(hold, controller.signal);
  expect([bell.waiting, holds]).toEqual([0, 0]);
});
