import { expect, test } from 'vitest';
import { diffOffers, readHelp } from './command-line-diff.ts';

const help = `Run Codex

Usage: codex exec [OPTIONS] [PROMPT]

Commands:
  resume  Resume a previous session
  review  Run a code review

Arguments:
  [PROMPT]
          Instructions -- not --an-option

Options:
  -m, --model <MODEL>
          Model the agent should use

  -s, --sandbox <MODE>
          Select the sandbox

          Possible values:
          - read-only: Nothing is written
          - full

      --color <COLOR>
          [default: auto] [possible values: always, never, auto]

  -h, --help     Print help
`;

test('options, their values and subcommands are read from the help', () => {
  expect(Object.fromEntries(readHelp(help))).toEqual({
    resume: '',
    review: '',
    '-m, --model <MODEL>': '',
    '-s, --sandbox <MODE>': 'read-only, full',
    '--color <COLOR>': 'always, never, auto',
    '-h, --help': '',
  });
});

test.each([
  ['the same help', help, []],
  ['an option that is gone', help.replace('  -m, --model <MODEL>', ''), ['breaking line-removed -m, --model <MODEL>']],
  ['an option that is new', help.replace('  -h,', '      --fast\n  -h,'), ['additive line-added --fast']],
  ['a subcommand that is gone', help.replace('  resume ', ''), ['breaking line-removed resume']],
  ['a value that is gone', help.replace('always, ', ''), ['breaking value-changed --color <COLOR>']],
  ['a value that is new', help.replace('always, ', 'always, ansi, '), ['additive value-changed --color <COLOR>']],
  ['another description', help.replace('Nothing is written', 'It writes nothing'), []],
])('%s', (_, text, expected) => {
  const changes = diffOffers('codex exec', readHelp(help), readHelp(text));
  expect(changes.map((one) => `${one.class} ${one.what} ${one.place.replace('codex exec ', '')}`)).toEqual(expected);
});
