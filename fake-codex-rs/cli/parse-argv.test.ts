import { expect, test } from 'vitest';
import { parseArgv } from './parse-argv.ts';

test('reads what the official clients start the engine with', () => {
  expect(parseArgv(['--config', 'a.b="c"', '--enable', 'x', 'app-server', '--listen', 'stdio://'])).toEqual({
    kind: 'app-server',
  });
  expect(parseArgv(['--config=a=b', '-c', 'd=e', 'app-server', '--stdio'])).toEqual({ kind: 'app-server' });
  expect(parseArgv(['--version'])).toEqual({ kind: 'version' });
});

test('reads where to listen, and what to ask of clients', () => {
  expect(
    parseArgv(['app-server', '--listen=unix:///a', '--ws-auth', 'capability-token', '--ws-token-file', 'f']),
  ).toEqual({
    kind: 'app-server',
    listen: {
      target: { kind: 'unix', path: '/a' },
      auth: new Map([
        ['--ws-auth', 'capability-token'],
        ['--ws-token-file', 'f'],
      ]),
    },
  });
});

test('hands the words of other commands on', () => {
  expect(parseArgv(['-c', 'a=b', 'exec', '--json', 'app-server'])).toEqual({
    kind: 'side',
    name: 'exec',
    argv: ['--json', 'app-server'],
    overrides: ['a=b'],
  });
  expect(parseArgv(['app-server', 'generate-json-schema', '--out', 'x'])).toMatchObject({
    name: 'generate-json-schema',
    argv: ['--out', 'x'],
  });
});

test.each([
  [['--bogus'], "unexpected argument '--bogus' found"],
  [['app-server', '--bogus'], "unexpected argument '--bogus' found"],
  [['mcp', '--json'], "unrecognized subcommand 'mcp'; fake-codex-rs plays app-server, exec, login and logout"],
  [['app-server', '--listen', 'bogus://'], 'unsupported --listen URL `bogus://`'],
  [['app-server', '--ws-auth', 'x'], "invalid value 'x' for '--ws-auth <MODE>'"],
  [['app-server', '--config'], "a value is required for '--config <VALUE>'"],
  [[], 'no subcommand was given'],
])('refuses %j', (argv, message) => {
  expect(() => parseArgv(argv)).toThrow(message);
});
