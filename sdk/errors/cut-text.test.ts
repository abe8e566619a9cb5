import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginningOf, codePoints, endOf } from './cut-text.ts';

const letters = fc.constantFrom('a', '€', '😀', '\n');
const texts = fc.array(letters, { maxLength: 12 });
const whole = (text: string) => !/\p{Surrogate}/u.test(text);

test('what is cut has at most so many characters, none of them cut, and no more is missing than needed', () => {
  fc.assert(
    fc.property(texts, fc.nat(14), (pieces, longest) => {
      const text = pieces.join('');
      for (const [cut, matches] of [
        [beginningOf(text, longest), text.startsWith(beginningOf(text, longest))],
        [endOf(text, longest), text.endsWith(endOf(text, longest))],
      ] as const) {
        expect(matches).toBe(true);
        expect(whole(cut)).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(longest);
        expect(cut.length).toBeGreaterThanOrEqual(Math.min(text.length, longest - 1));
      }
      expect(codePoints(text, longest)).toBe(pieces.slice(0, longest).join(''));
    }),
  );
});

test.each([
  ['ab😀cd', 2, 'ab', 'cd'],
  ['ab😀cd', 3, 'ab', 'cd'],
  ['ab😀cd', 4, 'ab😀', '😀cd'],
  ['ab😀cd', 5, 'ab😀c', 'b😀cd'],
  ['ab😀cd', 6, 'ab😀cd', 'ab😀cd'],
  ['ab', 0, '', ''],
  ['', 0, '', ''],
  // What was cut before is not mended: it is what there is.
  ['a\ud83db', 2, 'a\ud83d', '\ud83db'],
])('%j cut to %d is %j, or %j', (text, longest, beginning, end) => {
  expect(beginningOf(text, longest)).toBe(beginning);
  expect(endOf(text, longest)).toBe(end);
});
