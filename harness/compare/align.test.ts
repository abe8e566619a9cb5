import fc from 'fast-check';
import { expect, test } from 'vitest';
import { align, type Pair } from './align.ts';

/** A line of a kind; what is beyond a sequence must never be asked for. */
type Line = readonly [kind: string, value: number];
const there = (...lines: readonly (Line | undefined)[]) => {
  if (lines.includes(undefined)) throw new Error('a line beyond the end was compared');
};
const sameKind = (a: Line, b: Line) => {
  there(a, b);
  return a[0] === b[0];
};
const equal = (a: Line, b: Line) => {
  there(a, b);
  return a[0] === b[0] && a[1] === b[1];
};
const aligned = (expected: readonly Line[], actual: readonly Line[]) => align(expected, actual, sameKind, equal);

const side = (pairs: readonly Pair<Line>[], of: keyof Pair<Line>) =>
  pairs.flatMap((pair) => (pair[of] ? [pair[of]] : []));
const worth = ({ expected, actual }: Pair<Line>) =>
  expected === undefined || actual === undefined
    ? 0
    : equal(expected, actual)
      ? 3
      : sameKind(expected, actual)
        ? 2
        : -1;

/** The most that any alignment is worth, tried in another way than the code does. */
function most(expected: readonly Line[], actual: readonly Line[]): number {
  const known = new Map<string, number>();
  const from = (e: number, a: number): number => {
    if (e === expected.length || a === actual.length) return 0;
    const at = `${e} ${a}`;
    const before = known.get(at);
    if (before !== undefined) return before;
    const together = worth({ expected: expected[e], actual: actual[a] });
    const best = Math.max(from(e + 1, a), from(e, a + 1), together > 0 ? together + from(e + 1, a + 1) : 0);
    known.set(at, best);
    return best;
  };
  return from(0, 0);
}

const line: fc.Arbitrary<Line> = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 2 }));
const lines = fc.array(line, { maxLength: 9 });

test('each line is in one pair, in its order; what meets is of one kind; and no alignment is worth more', () => {
  fc.assert(
    fc.property(lines, lines, (expected, actual) => {
      const pairs = aligned(expected, actual);
      expect([side(pairs, 'expected'), side(pairs, 'actual')]).toEqual([expected, actual]);
      expect(pairs.map(worth).filter((one) => one < 0)).toEqual([]);
      expect(pairs.reduce((sum, pair) => sum + worth(pair), 0)).toBe(most(expected, actual));
    }),
    { numRuns: 1000 },
  );
});

test('of a line that has no partner, the expected one stands first', () => {
  const [a, b, c]: Line[] = [
    ['a', 0],
    ['b', 0],
    ['c', 0],
  ];
  const one = (expected: Line | undefined, actual: Line | undefined) => ({ expected, actual });
  expect(aligned([a, b] as Line[], [a, c] as Line[])).toEqual([one(a, a), one(b, undefined), one(undefined, c)]);
  expect(aligned([a] as Line[], [])).toEqual([one(a, undefined)]);
  expect(aligned([], [a] as Line[])).toEqual([one(undefined, a)]);
});

/** So many lines, each of its own kind and value. */
const many = (count: number, from = 0) => Array.from({ length: count }, (_, n): Line => [`${from + n}`, from + n]);

test.each<[string, Line[], Line[], number]>([
  ['one line more than a window', many(2001), many(2000, 1), 2000],
  ['just as many as a window', many(2000), many(1999, 1), 1999],
  [
    'a line of its own at both ends, and some that are missing',
    many(4500),
    [['x', 0], ...many(4500).filter(([, n]) => n % 9 !== 4 && n > 0 && n < 4499), ['y', 0]],
    3998,
  ],
  ['moved by less than half a window', many(5000), many(5000, 700), 4300],
  ['nothing in common, and one side much longer', many(10), many(4200, 100), 0],
  ['nothing in common, and the other side longer', many(4200, 100), many(10), 0],
])('beyond a window of lines: %s', (_, expected, actual, meet) => {
  const pairs = aligned(expected, actual);
  expect(side(pairs, 'expected')).toEqual(expected);
  expect(side(pairs, 'actual')).toEqual(actual);
  expect(pairs.filter((pair) => worth(pair) === 3).length).toBe(meet);
});
