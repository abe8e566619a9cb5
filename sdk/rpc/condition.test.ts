import { expect, test } from 'vitest';
import { Condition } from './condition.ts';

test('a ring wakes everyone, an abort its own wait; nothing is left, and the host is let go', async () => {
  const condition = new Condition();
  let kept = 0;
  const keepAlive = {
    hold: () => {
      kept += 1;
    },
    release: () => {
      kept -= 1;
    },
  };
  const controller = new AbortController();
  const aborted = condition.wait(keepAlive, controller.signal);
  const others = [condition.wait(keepAlive), condition.wait(keepAlive)];
  controller.abort();
  await aborted;
  expect([condition.waiting, kept]).toEqual([2, 2]);
  condition.notifyAll();
  await Promise.all(others);
  await condition.wait(keepAlive, controller.signal);
  expect([condition.waiting, kept]).toEqual([0, 0]);
});
