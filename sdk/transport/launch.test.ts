import { expect, test } from 'vitest';
import { launchHint } from './launch.ts';

test('a missing folder, and on Windows a program that only a shell can start, are said', () => {
  const command = 'C:\\npm\\codex.CMD';
  expect(launchHint({ command, cwd: '/nowhere/at/all' }, 'win32')).toBe(
    ': the working directory /nowhere/at/all does not exist',
  );
  expect(launchHint({ command, cwd: undefined }, 'win32')).toContain('codex.exe');
  expect(launchHint({ command, cwd: process.cwd() }, 'linux')).toBe('');
  expect(launchHint({ command: 'codex.exe', cwd: undefined }, 'win32')).toBe('');
});
