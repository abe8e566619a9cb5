import { expect, it } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import type { Difference } from '../compare/compare.ts';
import { driftOf } from './drift.ts';

const cell = (scenario: string, drift?: Difference[], round = 1) =>
  sampleCell({
    ...{ scenario, client: 'python', engineVersion: '2.0.0', round, verdict: 'baseline' },
    ...(drift && { drift }),
  });
const changed = (path: string, values: Pick<Difference, 'expected' | 'actual'>): Difference => ({
  kind: 'changed',
  lane: 'l',
  ch: 'event',
  key: 'k',
  path,
  ...values,
});
const by = { client: 'python' };

it('tells a change once with its count, wherever in a list it stands', () => {
  const at = (path: string) => changed(path, { expected: 1, actual: 2 });
  const figures = driftOf([
    cell('s/a', [at('event:k/items/0/at'), at('event:k/items/1/at'), at('event:k/new')]),
    cell('s/b', [at('event:k/items/3/at')]),
    cell('s/b', [at('event:k/items/3/at')], 2),
    cell('s/c', []),
    cell('s/c'),
  ]);
  expect(figures).toEqual({
    compared: 3,
    drifted: 2,
    changes: [
      { kind: 'changed', path: 'event:k/items/*/at', before: '1', after: '2', scenarios: 2, example: 's/a', ...by },
      { kind: 'changed', path: 'event:k/new', before: '1', after: '2', scenarios: 1, example: 's/a', ...by },
    ],
  });
});

it('says the value if it is the same everywhere and short, otherwise its kind; other kinds are another change', () => {
  const text = (actual: string) => changed('event:k/text', { expected: 'long '.repeat(20), actual });
  const { changes } = driftOf([
    cell('s/a', [text('a'), changed('event:k/text', { expected: 'x', actual: null })]),
    cell('s/b', [text('b')]),
  ]);
  expect(changes).toMatchObject([
    { path: 'event:k/text', before: 'a text', after: 'a text', scenarios: 2 },
    { path: 'event:k/text', before: '"x"', after: 'null', scenarios: 1 },
  ]);
});

it('a field that came or went is one change in all messages of a channel', () => {
  const came = (path: string, actual: null | number) => changed(path, { actual });
  const { changes } = driftOf([
    cell('s/a', [came('event:a/payload/item/startedAtMs', 5), came('event:b/payload/items/0/startedAtMs', 6)]),
    cell('s/b', [came('event:c/payload/moderation', null), changed('event:c/payload/moderation', { expected: 1 })]),
  ]);
  expect(changes).toMatchObject([
    { path: 'event:**/startedAtMs', before: 'nothing', after: 'a number', scenarios: 1 },
    { path: 'event:c/payload/moderation', before: 'nothing', after: 'null' },
    { path: 'event:c/payload/moderation', before: '1', after: 'nothing' },
  ]);
});

it('of a message that came or went, its name is all', () => {
  const extra = (actual: number): Difference => ({ ...changed('event:k', { actual }), kind: 'extra' });
  const { changes } = driftOf([cell('s/a', [extra(1)]), cell('s/b', [extra(2)])]);
  expect(changes).toEqual([{ kind: 'extra', path: 'event:k', scenarios: 2, example: 's/a', ...by }]);
});
