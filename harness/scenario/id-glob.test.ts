import { expect, test } from 'vitest';
import { matchesId } from './id-glob.ts';

test.each([
  ['turns/steer', 'turns/steer', true],
  ['turns/steer', 'turns', true],
  ['turns/steer', 'turns/', true],
  ['turns/steer', 'turn', false],
  ['turns/steer', '*', false],
  ['turns/steer', '**', true],
  ['turns/a/steer', '**/steer', true],
  ['steer', '**/steer', true],
  ['turns/a/steer', 'turns/*', false],
  ['turns/steer', 'turns/st??r', true],
  ['turns/steer', '{threads,turns}/{s*,x}', true],
  ['turns/a.b', 'turns/a?b*', true],
  ['turns/axb', 'turns/a.b*', false],
])('%s by %s: %s', (id, glob, wanted) => {
  expect(matchesId(id, glob)).toBe(wanted);
});
