import { expect, test } from 'vitest';
import { buildLaunch } from './launch.ts';

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
