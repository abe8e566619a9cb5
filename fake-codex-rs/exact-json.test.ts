import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExactNumber, readJson, sameNumber, writeJson } from './exact-json.ts';

test.each([
  '9007199254740993',
  '-9007199254740993',
  '12345678901234567890',
  '9007199254740993.0',
  '1e400',
  '-1E+400',
  '1e-400',
  '1e99999999999999999999',
  '0.1000000000000000000001',
  '-0',
  '-0.0',
  '-0e7',
])('%s is kept as it was written', (text) => {
  expect(readJson(text)).toEqual(new ExactNumber(text));
  const around = `{"a":[1,${text}],"b":"${text}","\\u0001":"\\u0001${text}","__proto__":{"c":${text}}}`;
  expect(writeJson(readJson(around))).toBe(around);
});

test.each(['0', '1.0', '1.50', '9007199254740992', '1e3', '1E+3', '0.000001', '1e21', '0e99', '0.1', '5e-324'])(
  '%s is a plain number: a double holds it',
  (text) => expect(readJson(text)).toBe(Number(text)),
);

test('any JSON is read as JSON.parse reads it, but for exact numbers, and written as it was', () => {
  const number = fc.stringMatching(/^-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,24})?([eE][+-]?[0-9]{1,4})?$/);
  const text = fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value));
  const value = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      number,
      text,
      fc.constantFrom('true', 'null', '{"$number":"1"}', '"\\u0001"', '"\\u0001\\u0001-0"'),
      fc.array(tie('value'), { maxLength: 4 }).map((list) => `[${list}]`),
      fc
        .uniqueArray(fc.tuple(fc.oneof(fc.constant('"__proto__"'), text), tie('value')), {
          maxLength: 4,
          selector: ([key]) => key,
        })
        .map((members) => `{${members.map(([key, inner]) => `${key}:${inner}`)}}`),
    ),
  })).value;
  fc.assert(
    fc.property(value, (json) => {
      const read = readJson(json);
      const again = readJson(writeJson(read));
      expect(again).toEqual(read);
      // Every number in it has the value of its text.
      const doubled = JSON.parse(JSON.stringify(JSON.parse(json)));
      const plain = (at: unknown): unknown => {
        if (at instanceof ExactNumber) return JSON.parse(JSON.stringify(Number(at.text)));
        if (Array.isArray(at)) return at.map(plain);
        if (typeof at !== 'object' || at === null) return at;
        return Object.fromEntries(Object.entries(at).map(([key, inner]) => [key, plain(inner)]));
      };
      expect(plain(read)).toEqual(doubled);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['9007199254740993', '9007199254740993.0', true],
  ['1e400', '10e399', true],
  ['-0', '0', true],
  ['0.1000000000000000000001', '0.1', false],
  ['9007199254740993', '9007199254740992', false],
  ['1e99999999999999999999', '1e99999999999999999998', false],
  ['1000', '1e3', true],
  ['1', '"1"', false],
])('%s and %s have the same value: %s', (a, b, same) => {
  expect(sameNumber(readJson(a), readJson(b))).toBe(same);
});

test('what is no JSON is refused as by JSON.parse', () => {
  for (const text of ['', '01', '{"a":9007199254740993', '[1e400,]']) expect(() => readJson(text)).toThrow(SyntaxError);
});
