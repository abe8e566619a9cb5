import { expect, test } from 'vitest';
import { withPathDirs } from './path-env.ts';

test.each([
  ['/usr/bin:/d:/bin', '/d:/usr/bin:/bin'],
  ['::/bin:', '/d:/bin'],
  ['', '/d'],
  [undefined, '/d'],
])('PATH %j', (before, after) => {
  const env = { A: '1', ...(before === undefined ? {} : { PATH: before }) };
  const copy = { ...env };
  expect(withPathDirs(env, ['/d'], 'linux')).toEqual({ A: '1', PATH: after });
  expect(env).toEqual(copy);
});

test('on Windows one variable is left', () => {
  expect(withPathDirs({ PATH: 'x', Path: 'a;b', path: 'y' }, ['d'], 'win32')).toEqual({ Path: 'd;a;b' });
  expect(withPathDirs({ path: 'y', PATH: 'x' }, ['d'], 'win32')).toEqual({ PATH: 'd;x' });
  expect(withPathDirs({}, ['d'], 'win32')).toEqual({ PATH: 'd' });
});

test('without folders the environment is passed through', () => {
  expect(withPathDirs({ PATH: ':a:' }, [], 'linux')).toEqual({ PATH: ':a:' });
});
