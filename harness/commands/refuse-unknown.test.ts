import type { ArgsDef } from 'citty';
import { expect, test } from 'vitest';
import { commands } from './all-commands.ts';
import { UsageError } from './arguments.ts';
import { refuseUnknown } from './refuse-unknown.ts';

const terminal = { out: () => undefined, note: () => undefined, signal: new AbortController().signal };
const check = (name: keyof typeof commands, ...args: string[]) => {
  const { args: defined } = commands[name](terminal, () => undefined) as { args?: ArgsDef };
  return () => refuseUnknown(name, args, defined);
};

test('a word too many is refused, and what could be meant is said', () => {
  expect(check('run', 'turns/a')).toThrow(
    new UsageError('run: saw the word turns/a, wanted options alone; did you mean --scenario turns/a?'),
  );
  expect(check('record', 'turns/a', 'turns/b')).toThrow(
    new UsageError('record: saw the word turns/b, wanted no more than glob; did you mean turns/a,turns/b?'),
  );
  expect(check('diff', 'turns/a', 'ts')).toThrow('diff: saw the word ts, wanted no more than scenario');
  expect(check('doctor', 'now')).toThrow('doctor: saw the word now, wanted options alone');
  expect(check('run', '--jobs', '2', '--offline', 'x')).toThrow('saw the word x');
});

test('what options take is no word, and merge takes any number of them', () => {
  check('run', '--scenario', 'turns/a', '--jobs=2', '--offline')();
  check('record', 'turns/a', '--check')();
  check('history', 'add', '--from', 'out/parity')();
  check('merge', 'a', 'b', 'c', '--out', 'd')();
});

test('an option that the command does not have is refused', () => {
  expect(check('run', '--clinet=ts')).toThrow('unknown option --clinet=ts; known are --scenario');
  expect(check('run', '-x')).toThrow('unknown option -x');
});
