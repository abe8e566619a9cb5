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
