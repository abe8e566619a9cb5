import { expect, test } from 'vitest';
import { mergeEnv } from './merge-env.ts';

const outer = { Path: 'of the system', HTTP_PROXY: 'a', A: '1' };

test('the given environment lies over the outer one, and neither is changed', () => {
  const given = { PATH: 'mine', A: '2' };
  expect(mergeEnv(outer, given, 'linux')).toEqual({ ...outer, PATH: 'mine', A: '2' });
  expect(mergeEnv(outer, undefined, 'linux')).toEqual(outer);
  expect([outer, given]).toEqual([
    { Path: 'of the system', HTTP_PROXY: 'a', A: '1' },
    { PATH: 'mine', A: '2' },
  ]);
});

test('on Windows a given name replaces the same name in another case', () => {
  expect(mergeEnv(outer, { PATH: 'mine', http_proxy: 'b' }, 'win32')).toEqual({
    PATH: 'mine',
    http_proxy: 'b',
    A: '1',
  });
});
