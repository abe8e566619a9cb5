import { expect, test } from 'vitest';
import { briefResults } from './brief-results.ts';
import type { MutantResult } from './try-mutant.ts';

const result = (line: number, over: Partial<MutantResult>): MutantResult => ({
  ...{
    id: `${line}`,
    file: 'sdk/a.ts',
    line,
    column: 3,
    mutator: 'AwaitDropped',
    original: 'await\n  a',
    replacement: 'a',
  },
  ...{ status: 'killed', reachedBy: 1, likeliest: [], durationMs: 5 },
  ...over,
});

test('a line for each mutant by its place; what was changed is told of survivors alone', () => {
  const text = briefResults(undefined, [
    result(12, { status: 'survived' }),
    result(9, { killer: 'faults/x', because: 'events/0' }),
    result(10, { status: 'endless', by: 'tests', killer: 'sdk/a.test.ts > a test' }),
  ]);
  expect(
    text
      .split('\n')
      .slice(1, -1)
      .map((row) => JSON.parse(row)),
  ).toEqual([
    { at: 'sdk/a.ts:9:3', mutator: 'AwaitDropped', by: 'goldens', killer: 'faults/x' },
    { at: 'sdk/a.ts:10:3', mutator: 'AwaitDropped', by: 'tests', killer: 'sdk/a.test.ts > a test', endless: true },
    { at: 'sdk/a.ts:12:3', mutator: 'AwaitDropped', status: 'survived', change: 'await a → a' },
  ]);
});
