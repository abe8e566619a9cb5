import { expect, test } from 'vitest';
import { parseArgv } from './parse-argv.ts';

test('reads what the official clients start the engine with', () => {
  expect(parseArgv(['--config', 'a.b="c"', '--enable', 'x', 'app-server', '--listen', 'stdio://'])).toEqual({
    kind: 'app-server',
  });
  expect(parseArgv(['--config=a=b', '-c', 'd=e', 'app-server', '--stdio'])).toEqual({ kind: 'app-server' });
  expect(parseArgv(['--version'])).toEqual({ kind: 'version' });
});

test.each([
  [['--bogus'], "unexpected argument '--bogus' found"],
  [['app-server', '--bogus'], "unexpected argument '--bogus' found"],
  [['exec', '--json'], "unrecognized subcommand 'exec'; fake-codex-rs plays app-server alone"],
  [['app-server', '--listen', 'bogus://'], 'unsupported --listen URL `bogus://`'],
  [['app-server', '--listen', 'ws://127.0.0.1:0'], 'fake-codex-rs replays over stdio alone'],
  [['app-server', '--config'], "a value is required for '--config <VALUE>'"],
  [[], 'no subcommand was given'],
])('refuses %j', (argv, message) => {
  expect(() => parseArgv(argv)).toThrow(message);
});
