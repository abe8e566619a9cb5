import { expect, test } from 'vitest';
import { compareVersions } from './versions.ts';

test('versions order by number, a pre-release before its release', () => {
  const ordered = ['0.9.0', '0.99.0', '0.163.0-alpha.2', '0.163.0-alpha.10', '0.163.0', '0.163.1', '1.0.0'];
  expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
  expect(compareVersions('0.163.0', '0.163.0')).toBe(0);
});
