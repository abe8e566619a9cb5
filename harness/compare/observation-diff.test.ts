import { expect, test } from 'vitest';
import { asNormalised, type NormalisedLine } from '../normalise/types.ts';
import { compare } from './compare.ts';
import { observationDiff } from './observation-diff.ts';

const observation = (lines: NormalisedLine[]) =>
  asNormalised({
    header: { kind: 'golden', schemaVersion: 1, scenario: 's/s', client: 'python', engineVersion: '1' },
    lines,
    fired: {},
  });
const line = (key: string, body: NormalisedLine['body'], lane = 'in/-'): NormalisedLine => ({
  lane,
  ch: 'wire.in',
  key,
  body,
});

test('lane by lane, a line that is missing, one too many, and what changed in one', () => {
  const turn = (status: string, text: string) => ({ turn: { status, items: [{ id: '<item:1>', text }] } });
  const golden = observation([
    line('started', turn('new', 'a')),
    line('gone', { a: 1 }),
    line('same', {}),
    line('x', { n: 1 }, 'out/-'),
  ]);
  const actual = observation([
    line('started', turn('old', 'b')),
    line('same', {}),
    line('more', { b: 2 }),
    line('x', { n: 2 }, 'out/-'),
  ]);
  expect(observationDiff(golden, actual, compare(golden, actual))).toEqual([
    'lane in/-',
    '  ~ wire.in started',
    '      turn:',
    '        ~ status: "new" → "old"',
    '        items:',
    '          [id=<item:1>]:',
    '            ~ text: "a" → "b"',
    '  - wire.in gone: {"a":1}',
    '  + wire.in more: {"b":2}',
    'lane out/-',
    '  ~ wire.in x',
    '      ~ n: 1 → 2',
  ]);
  expect(observationDiff(golden, golden, compare(golden, golden))).toEqual([]);
});

test('a fault of the run, which is a line of neither, is told by its path', () => {
  const none = observation([]);
  const fault = {
    kind: 'extra',
    lane: 'run',
    ch: 'mark',
    key: 'left behind',
    path: 'mark:left behind',
    actual: ['sleep'],
  } as const;
  expect(observationDiff(none, none, [{ ...fault, actual: [...fault.actual] }])).toEqual([
    'lane run',
    '  + mark left behind: ["sleep"]',
  ]);
});
