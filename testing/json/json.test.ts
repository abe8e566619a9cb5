import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDocument, visit } from 'yaml';
import { ExactNumber } from './exact-number.ts';
import { isObject, type JsonValue, mapChildren, mapTexts } from './json.ts';
import { keepDigits, readJson, replacedMembers } from './read-json.ts';
import { keyOfJson, writeJson } from './write-json.ts';

test.each([
  ['9007199254740993', 'one more than the last safe integer but one'],
  ['-9007199254740993', 'the same below zero'],
  ['12345678901234567890', 'twenty digits'],
  ['9007199254740993.0', 'with a fraction of zero'],
  ['1e400', 'beyond the largest double'],
  ['-1E+400', 'the same below zero'],
  ['1e-400', 'below the smallest double'],
  ['1e99999999999999999999', 'an exponent that is beyond a double itself'],
  ['0.1000000000000000000001', 'more digits than a double has'],
  ['-0', 'minus zero'],
  ['-0.0', 'minus zero with a fraction'],
  ['-0e7', 'minus zero with an exponent'],
])('%s is kept as it was written: %s', (text) => {
  for (const [before, after] of [
    ['', ''],
    ['[', ']'],
    ['{"a":', '}'],
    ['{ "a" : [1, ', '\n] }'],
  ] as const) {
    const read = readJson(before + text + after);
    expect(writeJson(read)).toBe((before + text + after).replaceAll(/\s/g, ''));
    expect(isDeepStrictEqual(read, JSON.parse(before + text + after))).toBe(false);
  }
  expect(readJson(text)).toEqual(new ExactNumber(text));
});

test.each(['0', '1.0', '1.50', '9007199254740992', '1e3', '1E+3', '0.000001', '1e21', '0e99', '0.1', '5e-324'])(
  '%s is a plain number: a double holds it',
  (text) => expect(readJson(text)).toBe(Number(text)),
);

test('exact numbers are equal when their texts are, and equal nothing else', () => {
  const [one, same, other] = ['9007199254740993', '9007199254740993', '9007199254740995'].map((text) => readJson(text));
  expect(one).toEqual(same);
  expect(isDeepStrictEqual(one, other)).toBe(false);
  expect((one as ExactNumber).equals(same)).toBe(true);
  expect((one as ExactNumber).equals('9007199254740993')).toBe(false);
  const keys = [one, other, '9007199254740993', 9007199254740992].map((value) => JSON.stringify(value));
  expect(new Set(keys).size).toBe(4);
  expect(`${one}`).toBe('9007199254740993');
  expect(isObject(one)).toBe(false);
});

test('one key for each value, however its numbers are written', () => {
  const keyOf = (text: string) => keyOfJson(readJson(text));
  for (const [one, same, other] of [
    ['1e400', '10.0E399', '1e401'],
    ['9007199254740993', '9007199254740993.000', '-9007199254740993'],
    ['-0', '-0e7', '1'],
  ] as const) {
    expect(keyOf(`{"a":[${one}]}`)).toBe(keyOf(`{"a":[${same}]}`));
    expect(keyOf(one)).not.toBe(keyOf(other));
  }
});

test('YAML keeps the digits of numbers that are written as in JSON', () => {
  const document = parseDocument('[9007199254740993, 1e400, 0.1000000000000000000001, 1.50, 0, 0x10, "1e400"]');
  visit(document, { Scalar: keepDigits });
  const exact = (text: string) => new ExactNumber(text);
  expect(document.toJS()).toEqual([
    ...[exact('9007199254740993'), exact('1e400'), exact('0.1000000000000000000001'), 1.5, 0, 16, '1e400'],
  ]);
});

test('any JSON is read as JSON.parse reads it, also by the second reading', () => {
  const json = fc.json({ stringUnit: 'binary', maxDepth: 6 });
  const ordinary = json.filter((text) => !/\d[eE]|-0|\d{16}/.test(text));
  fc.assert(
    fc.property(ordinary, (text) => {
      expect(readJson(text, { onDuplicateKey() {} })).toEqual(JSON.parse(text));
    }),
  );
});

/** A number of any form that JSON allows. */
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.bigInt({ min: 1n, max: 10n ** 30n }).map(String)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,24}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?[0-9]{1,4}$/)),
  )
  .map((parts) => parts.join(''));

test('no number of any form changes its value', () => {
  fc.assert(
    fc.property(number, (text) => {
      const read = readJson(`{"n":[${text}]}`) as { n: (number | ExactNumber)[] };
      const [value] = read.n;
      if (value instanceof ExactNumber) expect(value.text).toBe(text);
      else expect(decimalOf(String(value))).toEqual(decimalOf(text));
    }),
    { numRuns: 2000 },
  );
});

/** The value as a fraction of two integers: exact, and by another way than the reader's. */
function decimalOf(text: string): [sign: string, numerator: bigint, power: number] {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  let numerator = BigInt(whole + fraction);
  let power = Number(exponent) - fraction.length;
  while (numerator !== 0n && numerator % 10n === 0n) {
    numerator /= 10n;
    power += 1;
  }
  return [sign, numerator, numerator === 0n ? 0 : power + 0];
}

test('what is read is written as it was, whatever numbers and texts it has', () => {
  const texts = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      number,
      fc.constantFrom('true', 'false', 'null', '"$number"', '{"$number":"1"}', '"\\u0000n0"'),
      fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
      fc.array(tie('value'), { maxLength: 4 }).map((list) => `[${list}]`),
      fc
        .uniqueArray(fc.tuple(fc.oneof(fc.constant('__proto__'), fc.string()), tie('value')), {
          maxLength: 4,
          selector: ([key]) => key,
        })
        .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`)}}`),
    ),
  })).value;
  fc.assert(
    fc.property(texts, (text) => {
      const read = readJson(text);
      const again = readJson(writeJson(read));
      expect(again).toEqual(read);
      expect(writeJson(again)).toBe(writeJson(read));
    }),
    { numRuns: 1000 },
  );
});

test('a key that its object has had is told with its place, and the last value counts', () => {
  const told: [string, JsonValue][] = [];
  const text = '{"a":1,"b":[{"x/y":1,"x/y":2},{"a":3}],"a":{"a":"\\u0061","\\u0061":5},"__proto__":1,"__proto__":2}';
  const value = readJson(text, { onDuplicateKey: (...of) => told.push(of) });
  expect(told).toEqual([
    ['/b/0/x~1y', 1],
    ['/a', 1],
    ['/a/a', 'a'],
    ['/__proto__', 1],
  ]);
  expect(replacedMembers(text, value)).toEqual(JSON.parse('{"/b/0/x~1y":[1],"/a":[1],"/a/a":["a"],"/__proto__":[1]}'));
  expect(replacedMembers(' {"a":1.0}', { a: 1 })).toBeUndefined();
  expect(value).toEqual(JSON.parse(text));
  expect(Object.keys(value as object)).toContain('__proto__');
});

test('what is no JSON is refused as by JSON.parse', () => {
  for (const text of ['', '01', '{"a":9007199254740993', '[1e400,]', '-', 'nul']) {
    expect(() => readJson(text)).toThrow(SyntaxError);
  }
});

test('depth costs no stack, and length no more than linear time', () => {
  const deep = 200_000;
  const read = readJson(`${'['.repeat(deep)}-0${']'.repeat(deep)}`);
  let depth = 0;
  for (let at = read; Array.isArray(at); at = at[0] as JsonValue) depth += 1;
  expect(depth).toBe(deep);
  // A quadratic reader would need minutes for each.
  const long = 3_000_000;
  for (const text of ['1'.repeat(long), `0.${'0'.repeat(long)}1`, `-0.${'0'.repeat(long)}`, `1${'0'.repeat(long)}1`])
    expect(readJson(text)).toEqual(new ExactNumber(text));
  expect((readJson(`["${'a"'.replace('"', '\\"').repeat(long)}",-0]`) as JsonValue[]).length).toBe(2);
});

test('children are changed one level at a time, texts at every depth; nothing is lost', () => {
  const value = readJson('{"a":["b",1,null,-0],"__proto__":{"a":"c"}}');
  expect(writeJson(mapTexts(value, (text) => `${text}!`))).toBe('{"a!":["b!",1,null,-0],"__proto__!":{"a!":"c!"}}');
  expect(writeJson(mapChildren(value, () => 'x'))).toBe('{"a":"x","__proto__":"x"}');
  expect(mapChildren('a', () => 'x')).toBe('a');
});
