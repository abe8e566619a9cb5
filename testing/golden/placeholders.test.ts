import { expect, test } from 'vitest';
import { placeholderWords } from '../record/test-fixtures/placeholder-words.ts';
import { escapeAllPlaceholders, escapePlaceholders, unescapePlaceholders } from './placeholders.ts';

test.each(placeholderWords)('$text is $golden in a golden, and back', ({ text, golden }) => {
  expect(escapePlaceholders(text)).toBe(golden);
  expect(unescapePlaceholders(golden)).toBe(text);
});

test('at every depth; what has no such words is not copied', () => {
  expect(escapeAllPlaceholders({ '<home>': ['<tmp>', 1, null] })).toEqual({ '<\\home>': ['<\\tmp>', 1, null] });
  const value = { a: ['<b>', -1] };
  expect(escapeAllPlaceholders(value)).toBe(value);
});
