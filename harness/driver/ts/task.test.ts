import { expect, test } from 'vitest';
import { matches, Task } from './task.ts';

const event = { method: 'item/started', payload: { item: { type: 'x' }, list: [{ n: 1 }], flag: true }, known: true };

test.each([
  [{}, true],
  [{ method: 'item/started', 'item.type': 'x' }, true],
  [{ method: 'item/started', 'item.type': 'y' }, false],
  [{ 'list.0.n': 1, item: { type: 'x' } }, true],
  [{ flag: 1 }, false],
  [{ absent: null }, false],
  [{ 'item.type.length': 1 }, false],
])('%j', (match, wanted) => {
  expect(matches(event, match)).toBe(wanted);
});

test('times counts from the first event, and an end with fewer is told', async () => {
  let end: () => void = () => undefined;
  const task = new Task(
    () =>
      new Promise((resolve) => {
        end = resolve;
      }),
  );
  task.addEvent(event);
  const twice = task.matched({ 'item.type': 'x' }, 2);
  const thrice = task.matched({ 'item.type': 'x' }, 3);
  task.addEvent(event);
  expect(await twice).toBe(true);
  end();
  expect(await thrice).toBe(false);
});
