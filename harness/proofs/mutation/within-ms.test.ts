import { expect, test } from 'vitest';
import { withinMs } from './within-ms.ts';

test.each([
  ['the first is taken, however long it takes', [50, 1], [50]],
  ['up to the limit', [6, 4, 1], [6, 4]],
  ['one that does not fit is left out, and a shorter one after it is taken', [6, 5, 4], [6, 4]],
  ['none of none', [], []],
])('%s', (_, given, taken) => {
  expect(
    withinMs(
      given.map((durationMs) => ({ durationMs })),
      10,
    ).map(({ durationMs }) => durationMs),
  ).toEqual(taken);
});
