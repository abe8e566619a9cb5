import { expect, test } from 'vitest';
import { referenced, restoredBy } from './restore-answer.ts';

const absent = { type: 'null' };

/** An object with one required value, of one of two kinds: only the first has a null that says that `note` is absent. */
function eitherOf(one: object, other: object) {
  const note = { anyOf: [{ type: 'string' }, absent] };
  const of = (value: object, noted: object) => ({ type: 'object', properties: { value, note: noted } });
  const strict = { anyOf: [of(one, note), of(other, { anyOf: [{ type: 'string' }, absent] })] };
  const restore = restoredBy(strict as never, new Set([note]));
  return (value: unknown) => !Object.hasOwn(restore({ value, note: null }) as object, 'note');
}

// What does not fit the first part is not restored by it: its null stays.
test.each<[string, object, unknown, unknown]>([
  ['type', { type: 'string' }, 'a', 1],
  ['one of several types', { type: ['string', 'number'] }, 1, true],
  ['const', { type: 'string', const: 'a' }, 'a', 'b'],
  ['enum', { type: 'string', enum: ['a', 'b'] }, 'b', 'c'],
  ['pattern', { type: 'string', pattern: '^a+$' }, 'aa', 'b'],
  ['minimum', { type: 'number', minimum: 2 }, 2, 1.9],
  ['maximum', { type: 'number', maximum: 2 }, 2, 2.1],
  ['exclusiveMinimum', { type: 'number', exclusiveMinimum: 2 }, 2.1, 2],
  ['exclusiveMaximum', { type: 'number', exclusiveMaximum: 2 }, 1.9, 2],
  ['multipleOf', { type: 'number', multipleOf: 3 }, 9, 10],
  ['minItems', { type: 'array', items: { type: 'number' }, minItems: 2 }, [1, 2], [1]],
  ['maxItems', { type: 'array', items: { type: 'number' }, maxItems: 2 }, [1, 2], [1, 2, 3]],
  ['items', { type: 'array', items: { type: 'number' } }, [1], ['a']],
  ['names', { type: 'object', properties: { a: { type: 'number' } } }, { a: 1 }, { a: 1, b: 2 }],
  ['other names', { type: 'object', properties: { a: { type: 'number' } } }, { a: 1 }, { b: 1 }],
  ['values', { type: 'object', properties: { a: { type: 'number' } } }, { a: 1 }, { a: 'x' }],
  ['parts', { anyOf: [{ type: 'number' }, { type: 'boolean' }] }, true, 'a'],
  ['null', { type: 'null' }, null, 0],
])('a part of a union fits by its %s', (_name, schema, fits, fitsNot) => {
  const isFirst = eitherOf(schema, { type: 'integer' });
  expect(isFirst(fits)).toBe(true);
  expect(isFirst(fitsNot)).toBe(false);
});

test('a pattern of another dialect is left to the validator: the part fits', () => {
  expect(eitherOf({ type: 'string', pattern: '(?i)a' }, { type: 'string' })('b')).toBe(true);
});

test('what fits no part stays as it is', () => {
  expect(eitherOf({ type: 'string' }, { type: 'string' })(1)).toBe(false);
});

test('a null that says absent is removed in lists, behind references and in the schema itself; another stays', () => {
  const note = { anyOf: [{ type: 'string' }, absent] };
  const strict = {
    type: 'object',
    properties: {
      note,
      empty: { anyOf: [{ type: 'string' }, absent] },
      list: { type: 'array', items: { $ref: '#/$defs/entry' } },
      child: { anyOf: [{ $ref: '#' }, absent] },
      anything: { type: 'array' },
    },
    $defs: { entry: { type: 'object', properties: { note } } },
  };
  const answer = {
    ...{ note: null, empty: null, list: [{ note: null }, { note: 'x' }, 7] },
    child: { note: null, empty: null, list: [], child: null, anything: [] },
    anything: [{ note: null }],
  };
  expect(restoredBy(strict as never, new Set([note]))(answer)).toEqual({
    ...{ empty: null, list: [{}, { note: 'x' }, 7] },
    child: { empty: null, list: [], child: null, anything: [] },
    anything: [{ note: null }],
  });
});

test('a reference that leads nowhere is a schema that says nothing', () => {
  expect(referenced('#/$defs/none', {})).toEqual({});
  expect(referenced('#/$defs/none', { $defs: {} })).toEqual({});
});
