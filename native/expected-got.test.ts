import { expect, test } from 'vitest';
import { expectedGot } from './expected-got.mjs';

test('the action, what was expected, what came, and what to do', () => {
  expect(expectedGot('reading a.json', 'JSON', 'an empty file')).toBe(
    'Reading a.json: expected JSON, got an empty file.',
  );
  expect(expectedGot('reading a.json', 'JSON', '"{"', 'Restore it with git')).toBe(
    'Reading a.json: expected JSON, got "{". Restore it with git.',
  );
});
