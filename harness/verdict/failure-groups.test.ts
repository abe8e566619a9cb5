import { expect, test } from 'vitest';
import type { CellResult } from '../cell/types.ts';
import type { Difference } from '../compare/compare.ts';
import { failureGroups } from './failure-groups.ts';

const cell = (scenario: string, over: Partial<CellResult>): CellResult => ({
  ...{ scenario, client: 'ts', engine: 'fake', round: 1, verdict: 'mismatch' },
  ...{ unexplained: [], known: [], durationMs: 1, fired: {} },
  ...over,
});
const differing = (path: string, kind: Difference['kind'] = 'changed'): Difference => ({
  ...{ kind, path, lane: 'user/events', ch: 'event', key: 'k' },
});

test('cells fail alike if their first differences do, wherever in a list; the largest group comes first', () => {
  const groups = failureGroups([
    cell('a', { verdict: 'could-not-run', reason: 'port 4711 is taken' }),
    cell('b', { unexplained: [differing('event:k/items/0/text'), differing('event:z')] }),
    cell('c', { verdict: 'match' }),
    cell('d', { unexplained: [differing('event:k/items/12/text')] }),
    cell('e', { unexplained: [differing('event:k', 'missing')] }),
    cell('f', { verdict: 'could-not-run', reason: 'port 4712 is taken' }),
    cell('g', { unexplained: [differing('event:k/items/3/text')] }),
  ]);
  expect(groups.map(({ verdict, first, cells }) => [verdict, first?.path, cells.map((one) => one.scenario)])).toEqual([
    ['mismatch', 'event:k/items/0/text', ['b', 'd', 'g']],
    ['could-not-run', undefined, ['a', 'f']],
    ['mismatch', 'event:k', ['e']],
  ]);
});

test('nothing fails in a run without failures, or without cells', () => {
  expect(failureGroups([])).toEqual([]);
  expect(failureGroups([cell('a', { verdict: 'not-applicable' })])).toEqual([]);
});
