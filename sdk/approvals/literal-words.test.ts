import { expect, test } from 'vitest';
import { shellScript, simpleCommand, simpleCommands } from './literal-words.ts';

test.each([
  ['git status', ['git', 'status']],
  ['  npm   test  ', ['npm', 'test']],
  ["git commit -m 'a b'", ['git', 'commit', '-m', 'a b']],
  ['git commit -m "a \\"b\\" \\$c"', ['git', 'commit', '-m', 'a "b" $c']],
  ["echo ''", ['echo', '']],
  ["npm run 'te'st", ['npm', 'run', 'test']],
  ['echo --x=1 a:b ../c', ['echo', '--x=1', 'a:b', '../c']],
  ["echo '; rm x' '$(rm)' '`rm`' '*' '~' '#' '!!'", ['echo', '; rm x', '$(rm)', '`rm`', '*', '~', '#', '!!']],
])('%s is one simple command of literal words', (line, words) => {
  expect(simpleCommand(line)).toEqual(words);
});

test.each([
  ...['a; b', 'a && b', 'a || b', 'a | b', 'a & b', 'a &', 'a |& b', 'a ;; b', ';a', 'a;', '(a)', '{ a; }', '! a'],
  ...['a > b', 'a >> b', 'a < b', 'a 2> b', 'a &> b', 'a >| b', 'a <> b', 'a << x', 'a <<< x', 'a <(b)', 'a >(b)'],
  ...[
    'a\nb',
    'a\\\nb',
    "a 'b\nc'",
    'a\rb',
    'a\tb',
    'a\0b',
    'a\u00a0b',
    'a\u2028b',
    'a\u3000b',
    'a ü',
    'a\u200b',
    'a\x1b',
  ],
  ...['A=1 a', 'A= a', 'A=1', 'A+=1 a', 'A[0]=1 a', "A='x' a", '"A"=1 a'],
  ...[
    'a $b',
    'a \x24{b}',
    'a $(b)',
    'a `b`',
    'a "$b"',
    'a "\x24{b}"',
    'a "$(b)"',
    'a "`b`"',
    'a $((1))',
    "a $'b'",
    'a $"b"',
    'a $',
  ],
  ...[
    'a ~',
    'a ~/b',
    'a ~root',
    'a *',
    'a ?',
    'a [b]',
    'a {b,c}',
    'a b{1..2}',
    'a !!',
    'a "!!"',
    'a ^b^c',
    'a #b',
    '#a',
    'a b#c',
  ],
  ...['a \\b', '\\a', 'a \\', 'a "\\b"', "a 'b''c'", "a 'b", 'a "b', "a b'", '=ls', 'a =ls', 'a --b==ls', 'a b:=ls'],
  ...[
    '/bin/a',
    './a',
    '../a',
    'a/b',
    "'a'",
    '"a"',
    "''",
    "a'b'",
    '~/a',
    '$a',
    '.',
    '..',
    '-a',
    '%1',
    '@a',
    ':',
    '[',
    '[[ a ]]',
  ],
  ...['if a', 'time a', 'function a', 'coproc a', 'then', 'export A=1', 'repeat 2 a', 'nocorrect a', 'select a', 'in'],
  ...['', ' ', '   '],
])('%j is not', (line) => {
  expect(simpleCommand(line)).toBeUndefined();
});

test('joined commands come one by one; a join without a command on both sides is none', () => {
  expect(simpleCommands('cat a | head -n 1 && ls; pwd || ls')).toEqual([
    ['cat', 'a'],
    ['head', '-n', '1'],
    ['ls'],
    ['pwd'],
    ['ls'],
  ]);
  for (const line of ['a |', '| a', 'a && && b', 'a |& b', 'a ;; b', 'a & b', 'a; A=1 b', 'a; ./b', 'a;\nb'])
    expect(simpleCommands(line), line).toBeUndefined();
});

test.each([
  ["/bin/bash -lc 'git status'", 'git status'],
  ['/bin/bash -lc eza', 'eza'],
  ["/usr/bin/zsh -c 'git status'", 'git status'],
  [`/bin/sh -lc "git commit -m 'x y'"`, "git commit -m 'x y'"],
  [`/bin/bash -lc "cat 'it'"`, "cat 'it'"],
])('what the shell of %s runs is its script', (line, script) => {
  expect(shellScript(line)).toBe(script);
});

test.each([
  "/tmp/bash -lc 'git status'",
  "bash -lc 'git status'",
  "./bash -lc 'git status'",
  "/bin/bash -lic 'git status'",
  "/bin/bash -l -c 'git status'",
  "/bin/bash -lc 'git status' extra",
  "/bin/bash -lc 'git status'; rm x",
  "/bin/bash --rcfile x -c 'git status'",
  "/bin/fish -c 'git status'",
  "/bin/../tmp/bash -lc 'git status'",
  'powershell.exe -Command git',
  'git status',
])('%s is itself what runs', (line) => {
  expect(shellScript(line)).toBe(line);
});
