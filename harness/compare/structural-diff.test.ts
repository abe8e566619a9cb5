import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from '../../testing/json/json.ts';
import { structuralDiff } from './structural-diff.ts';

test('a change is a line at its place in the tree', () => {
  const old = { turn: { status: 'inProgress', items: [{ id: 'item-1', text: 'a' }], error: null }, gone: 1 };
  const fresh = {
    turn: { status: 'completed', items: [{ id: 'item-0' }, { id: 'item-1', text: 'b' }], error: {} },
    odd: [1],
  };
  expect(structuralDiff(old, fresh)).toEqual([
    'turn:',
    '  ~ status: "inProgress" → "completed"',
    '  items:',
    '    [id=item-1]:',
    '      ~ text: "a" → "b"',
    '    + [id=item-0]: {"id":"item-0"}',
    '  ~ error: null → {}',
    '+ odd: [1]',
    '- gone: 1',
  ]);
});

test('texts are matched by themselves, other entries by their place', () => {
  expect(structuralDiff({ required: ['a', 'b'] }, { required: ['c', 'a', 'b'] })).toEqual([
    'required:',
    '  + ["c"]: "c"',
  ]);
  expect(structuralDiff({ n: [1, 2] }, { n: [1, 3, 4] })).toEqual(['n:', '  ~ [1]: 2 → 3', '  + [2]: 4']);
  expect(structuralDiff([{ a: 1 }], [{ a: 2 }])).toEqual(['[0]:', '  ~ a: 1 → 2']);
});

test('another order of the same entries is a change', () => {
  expect(structuralDiff({ a: ['x', 'y'] }, { a: ['y', 'x'] })).toEqual([
    'a:',
    '  ~ [0]: "x" → "y"',
    '  ~ [1]: "y" → "x"',
  ]);
  expect(structuralDiff({ a: [{ id: 'x' }, { id: 'y' }] }, { a: [{ id: 'y' }, { id: 'x' }] })).not.toEqual([]);
});

test('scalars, other types and long values are told too', () => {
  expect(structuralDiff('a', 'b')).toEqual(['~ "a" → "b"']);
  expect(structuralDiff({ a: '1' }, { a: 1 })).toEqual(['~ a: "1" → 1']);
  expect(structuralDiff({}, { a: 'x'.repeat(500) }, { width: 10 })).toEqual(['+ a: "xxxxxxxx…']);
});

/** JSON with few names and values, so that lists of entries with the same names come up. */
const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonValue>(null, true, 0, 1, '', 'a', 'b'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('id', 'name', 'a.b', 'b'), tie('value'), { noNullPrototype: true, maxKeys: 3 }),
  ),
})).value;

test('it is empty if and only if the two are equal', () => {
  fc.assert(
    fc.property(json, json, (old, fresh) => {
      expect(structuralDiff(old, fresh).length === 0).toBe(isDeepStrictEqual(old, fresh));
      expect(structuralDiff(old, structuredClone(old))).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});
