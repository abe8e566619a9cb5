import { expect, test } from 'vitest';
import { asksForHelp, type Definitions, helpOf, readArguments, UsageError } from './read-arguments.mjs';

const definitions: Definitions = {
  scenario: { type: 'string', description: 'Scenarios to run', valueHint: 'GLOB', multiple: true },
  json: { type: 'string', description: 'Write to this file', valueHint: 'FILE' },
  jobs: { type: 'string', default: '2', valueHint: 'N' },
  offline: { type: 'boolean', description: 'Without Python' },
};
const read = (...argv: string[]) => readArguments('run', argv, definitions);

test('options and words come back by name', () => {
  expect(read('--scenario', 'a,b', '--scenario=c', '--offline', '--json', '-')).toEqual({
    words: [],
    values: { scenario: 'a,b,c', offline: true, json: '-', jobs: '2' },
  });
  const words: Definitions = { glob: { type: 'positional' } };
  expect(readArguments('record', ['turns/a'], words)).toEqual({ words: ['turns/a'], values: { glob: 'turns/a' } });
  expect(readArguments('record', ['--', '--odd'], words)).toEqual({ words: ['--odd'], values: { glob: '--odd' } });
  const many: Definitions = { dirs: { type: 'positional', required: true, valueHint: 'DIR...' } };
  expect(readArguments('merge', ['a', 'b', 'c'], many).words).toEqual(['a', 'b', 'c']);
});

test.each([
  [['--clinet=ts'], 'expected --scenario, --json, --jobs, --offline, got --clinet'],
  [['-x'], 'got -x'],
  [['--no-offline'], 'got --no-offline'],
  [['--offline=yes'], 'expected --offline without a value, got "yes"'],
  [['--json'], 'expected --json FILE, got no value'],
  [['--json='], 'expected --json FILE, got no value'],
  [['--scenario', ''], 'expected --scenario GLOB, got no value'],
  [['--json', '--offline'], 'expected --json FILE, got the option --offline in its place'],
  [['--json', 'a', '--json', 'b'], 'expected --json FILE once, got it several times'],
  [['turns/a'], 'expected options alone, got the word turns/a. Try --scenario turns/a.'],
  [['--jobs', '2', '--offline', 'x'], 'got the word x'],
  [['--', '--offline'], 'got the word --offline'],
  [['--__proto__=x'], 'got --__proto__'],
  [['--constructor'], 'got --constructor'],
])('%j is refused', (argv, told) => {
  expect(() => read(...argv)).toThrow(UsageError);
  expect(() => read(...argv)).toThrow(/^Reading the arguments of run: expected /);
  expect(() => read(...argv)).toThrow(told);
});

test('a word that is needed, and one too many, are told', () => {
  const one: Definitions = { scenario: { type: 'positional', required: true } };
  expect(() => readArguments('diff', [], one)).toThrow('expected scenario, got no such word. See --help.');
  expect(() => readArguments('diff', ['a', 'b'], one)).toThrow('expected no more words than scenario, got the word b');
  const glob: Definitions = { glob: { type: 'positional' } };
  expect(() => readArguments('record', ['a', 'b'], glob)).toThrow('Try a,b.');
});

test('the help names every option, and is asked for anywhere before --', () => {
  expect(helpOf({ name: 'npm run x --', description: 'Does x.', args: definitions })).toEqual(
    [
      'npm run x -- [OPTIONS]',
      '',
      'Does x.',
      '',
      '  --scenario GLOB  Scenarios to run',
      '  --json FILE      Write to this file',
      '  --jobs N         ',
      '  --offline        Without Python',
      '  -h, --help       this text',
    ].map((line) => line.trimEnd()),
  );
  expect([['-h'], ['a', '--help'], ['--', '-h'], []].map(asksForHelp)).toEqual([true, true, false, false]);
});
