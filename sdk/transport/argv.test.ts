import { expect, test } from 'vitest';
import { bareWord, configWords, filledWord, flagOf, listedPath, listOf, optionWords, textWord } from './argv.ts';

test.each([
  [null, 'null'],
  [7, 'number'],
  [{}, 'object'],
])('%j is no word, and is not shown but for its type', (value, shown) => {
  for (const word of [textWord, filledWord, bareWord, listedPath, configWords])
    expect(() => word('model', value)).toThrow(`from model: expected a string, got ${shown}`);
});

test.each([
  ['textWord', () => textWord('x', 'a\0b'), 'without null characters'],
  ['textWord', () => textWord('x', 'a\ud800'), 'well-formed Unicode'],
  ['filledWord', () => filledWord('x', ''), 'not empty'],
  ['bareWord', () => bareWord('x', ' '), 'not empty'],
  ['bareWord', () => bareWord('x', '-a'), 'does not begin with "-"'],
  ['listedPath', () => listedPath('x', 'a,b'), 'without commas'],
  ['configWords', () => configWords('x', 'a'), 'key=value'],
  ['configWords', () => configWords('x', ' =1'), 'key=value'],
  ['flagOf', () => flagOf('x', 'true'), 'true or false'],
  ['listOf', () => listOf('x', 'ab' as never), 'an array'],
])('%s refuses what the engine would take for something else', (_name, word, expected) => {
  expect(word).toThrow(expected);
});

test('a long value is shown by its beginning', () => {
  expect(() => bareWord('x', `-${'a'.repeat(200)}`)).toThrow(`"-${'a'.repeat(79)}"`);
});

test('what is fine stays as it is; a value that begins with "-" is joined to its option', () => {
  expect([textWord('x', ''), filledWord('x', ' '), bareWord('x', 'a-b'), listedPath('x', '/a')]).toEqual([
    '',
    ' ',
    'a-b',
    '/a',
  ]);
  expect([optionWords('--a', 'b'), optionWords('--a', '-b')]).toEqual([['--a', 'b'], ['--a=-b']]);
  expect([configWords('x', 'a=b=c'), configWords('x', '-a=1')]).toEqual([['--config', 'a=b=c'], ['--config=-a=1']]);
  expect([flagOf('x', false), listOf('x', [1])]).toEqual([false, [1]]);
});
