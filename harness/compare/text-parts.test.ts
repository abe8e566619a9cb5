import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textParts } from './text-parts.ts';

const side = (before: string, after: string, own: 'before' | 'after') =>
  textParts(before, after)
    .filter(({ in: where }) => where === 'both' || where === own)
    .map(({ text }) => text)
    .join('');

test('words that differ stand between those that are equal', () => {
  expect(textParts('Say one word.', 'Say two words.')).toEqual([
    { text: 'Say ', in: 'both' },
    { text: 'one', in: 'before' },
    { text: 'two', in: 'after' },
    { text: ' ', in: 'both' },
    { text: 'word.', in: 'before' },
    { text: 'words.', in: 'after' },
  ]);
});

test('both texts can be read back from the parts, whatever they are', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '.', '"', '_', 'é', '😀') });
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect([side(before, after, 'before'), side(before, after, 'after')]).toEqual([before, after]);
    }),
  );
});

/** A line of so many different words. */
const line = (count: number, mark: string) =>
  Array.from({ length: count }, (_, n) => `${mark}${n}`)
    .join('')
    .replace(/(\d)(?=[a-z])/g, '$1 ')
    .concat('\n');

test('up to 1500 words and spaces are compared word by word, more of them line by line, and each changed line by its words', () => {
  const kinds = (before: string, after: string) => textParts(before, after).map((part) => `${part.in} ${part.text}`);
  // 749 words, 748 spaces between them and the line's end; one word more has two more parts.
  const [short, long] = [line(750, 'w'), line(751, 'w')];
  const tail = (text: string) => `${text}a b\n`;
  expect(kinds(short, short.replace('w5 ', 'x '))).toEqual([
    expect.stringMatching(/^both w0 .* w4 $/),
    'before w5',
    'after x',
    expect.stringMatching(/^both {2}w6 .*\n$/s),
  ]);
  expect(kinds(tail(long), tail(long).replace('a b', 'a c'))).toEqual([
    expect.stringMatching(/^both w0 .*\na $/s),
    'before b',
    'after c',
    'both \n',
  ]);
  // A changed line that is itself too long stands whole.
  expect(kinds(long, long.replace('w5 ', 'x '))).toEqual([
    expect.stringMatching(/^before w0 /),
    expect.stringMatching(/^after w0 /),
  ]);
  expect(kinds(short, long)).toEqual([expect.stringMatching(/^before w0 /), expect.stringMatching(/^after w0 /)]);
  expect(kinds(long, short)).toEqual([expect.stringMatching(/^before w0 /), expect.stringMatching(/^after w0 /)]);
});

// Word by word, the end of a line meets that of another; line by line, it goes with its line.
test.each([
  ['as many words in both', 0, 0, 'p q r s t u'],
  ['one more in the first', 1, 0, 'p q r s t u\n'],
  ['one more in the second', 0, 1, 'p q r s t u\n'],
])('the limit of words holds for each of the two texts by itself: %s', (_, first, second, meets) => {
  const fill = line(740, 'w');
  // 740 words, 739 spaces and an end of line, then 14 more in two lines.
  const rest = (more: number) => '!'.repeat(1500 - 1480 - 14 + more);
  const parts = textParts(`${fill}K\np q r s t u\n${rest(first)}`, `${fill}p q r s t u\nK\n${rest(second)}`);
  const both = parts.filter((part) => part.in === 'both').map(({ text }) => text);
  expect(both[1]).toBe(meets);
});

test('long texts can be read back too; equal parts are never two in a row, and what was stands before what is', () => {
  const some = fc.array(fc.constantFrom('a b c\n', 'a x c\n', 'd\n', 'e f\n'), { maxLength: 6 });
  const long = line(760, 'w');
  fc.assert(
    fc.property(some, some, fc.boolean(), (before, after, isLong) => {
      const [old, fresh] = [before, after].map((lines) => `${isLong ? long : ''}${lines.join('')}`) as [string, string];
      const parts = textParts(old, fresh);
      expect([side(old, fresh, 'before'), side(old, fresh, 'after')]).toEqual([old, fresh]);
      expect(parts.filter(({ text }) => text === '')).toEqual([]);
      const order = parts.map((part) => part.in).join(' ');
      expect(order).not.toMatch(/(both) \1|(before) \2|(after) \3|after before/);
    }),
  );
});
