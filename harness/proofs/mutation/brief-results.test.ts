import { expect, test } from 'vitest';
import { briefResults, briefSelection } from './brief-results.ts';
import type { Part, Selection } from './selection.ts';
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

const selection: Selection = {
  ...{ kind: 'selection', schemaVersion: 1, mutators: 'own', of: 'harness', by: 'tests', files: ['harness/run'] },
  ...{ scenario: null, family: null, seed: 3, count: 4, shard: { index: 2, count: 2 }, again: true, chosen: 2 },
  inputs: { code: 'a' },
};
const part = (...results: MutantResult[]): Part => ({ place: 'a.jsonl:1', selection, results });

test('the selection of one file is written as it is, also where results are missing', () => {
  expect(briefSelection([part(result(1, {}))])).toBe(selection);
  expect(JSON.parse(briefResults(selection, []).split('\n')[0] ?? '')).toEqual(selection);
});

test('that of several shards is of the whole', () => {
  const whole = briefSelection([part(result(1, {}), result(2, {})), part(result(3, {}))]);
  expect(whole).toEqual({ ...selection, shard: null, chosen: 3 });
});

test('results without a selection have none', () => {
  expect(briefSelection([{ ...part(), selection: undefined }])).toBeUndefined();
  expect(briefSelection([])).toBeUndefined();
});
