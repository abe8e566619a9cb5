import { expect, test } from 'vitest';
import { crowding, deadlineOf } from './deadline.ts';

test.each([
  { runnable: 0, processors: 2, crowd: 1 },
  { runnable: 4, processors: 2, crowd: 1 },
  { runnable: 5, processors: 2, crowd: 2 },
  { runnable: 36, processors: 2, crowd: 9 },
  { runnable: 36, processors: 64, crowd: 1 },
  { runnable: 1000, processors: 2, crowd: 10 },
])('$runnable runnable threads on $processors processors make each deadline $crowd times as long', (row) => {
  expect(crowding(row.runnable, row.processors)).toBe(row.crowd);
});

test('the machine as it is gives a factor from 1 to 10', () => {
  expect(crowding()).toBeGreaterThanOrEqual(1);
  expect(crowding()).toBeLessThanOrEqual(10);
});

test('a scenario may set the deadline; the default is 20 s', () => {
  expect(deadlineOf({}, 1)).toBe(20_000);
  expect(deadlineOf({ deadlineMs: 500 }, 1)).toBe(500);
  expect(deadlineOf({ deadlineMs: 500 }, 3)).toBe(1500);
});
