import { expect, test } from 'vitest';
import { failedList, failure, readFailedList } from './failed-list.ts';

test('what is listed is read again, from output that has other lists before it', () => {
  const list = failedList([failure('unit a.test.ts', 'expected 1, got 2'), 'another']);
  expect(list).toEqual(['Failed:', '  ✘ unit a.test.ts: expected 1, got 2', '  ✘ another']);
  expect(readFailedList([...failedList(['other'], 7), 'something', ...list, '3 passed, 1 failed'])).toEqual({
    failures: ['unit a.test.ts: expected 1, got 2', 'another'],
    unnamed: 0,
  });
});

test('a list names at most 40, and says how many it leaves out', () => {
  const list = failedList(
    Array.from({ length: 50 }, (_, at) => `${at}.test.ts`),
    5,
  );
  expect(list).toHaveLength(42);
  expect(list.at(-1)).toBe('  and 15 more');
  expect(readFailedList(list)).toMatchObject({ failures: { length: 40 }, unnamed: 15 });
});

test('without a failure there is no list; failures without a name are counted', () => {
  expect(failedList([])).toEqual([]);
  expect(readFailedList(['1 passed, 0 failed'])).toEqual({ failures: [], unnamed: 0 });
  expect(readFailedList(failedList([], 2))).toEqual({ failures: [], unnamed: 2 });
});

test('a failure is one line: the first that says something, without colours, and not endless', () => {
  expect(failure('a', '\n\x1b[31mAssertionError: expected\x1b[39m\n    at a.ts:1\n')).toBe(
    'a: AssertionError: expected',
  );
  expect(failure('a', '')).toBe('a');
  expect(failure('a', 'x'.repeat(5000)).length).toBeLessThan(320);
});
