import { expect, test } from 'vitest';
import { buildLaunch, mergeEnv, withPathDirs } from './launch.ts';

const bin = process.execPath;

test('the overrides stand before the server’s arguments, each with its own flag', () => {
  expect(buildLaunch({ codexBin: bin, configOverrides: ['a=1', 'b=2'], cwd: '/w' })).toMatchObject({
    command: bin,
    args: ['--config', 'a=1', '--config', 'b=2', 'app-server', '--listen', 'stdio://'],
    cwd: '/w',
  });
});

test('a command line of the caller is the whole of it, a missing codexBin or not', () => {
  const launch = { launchArgsOverride: ['run', '-x'], codexBin: '/nowhere', configOverrides: ['a=1'] };
  expect(buildLaunch(launch)).toMatchObject({ command: 'run', args: ['-x'], cwd: undefined });
  expect(() => buildLaunch({ launchArgsOverride: [] })).toThrow('launchArgsOverride is empty');
});

test('the given environment lies over that of this program, whose PATH stays as it is', () => {
  const { env } = buildLaunch({ codexBin: bin, env: { TWINPROOF_TEST: 'x' } });
  expect(env).toEqual({ ...process.env, TWINPROOF_TEST: 'x' });
});

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
