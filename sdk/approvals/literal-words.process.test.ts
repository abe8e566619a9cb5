import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { shellScript, simpleCommand } from './literal-words.ts';

const folder = mkdtempSync(join(tmpdir(), 'literal-words-'));
// For globs.
writeFileSync(join(folder, 'a'), '');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = 1000;
/** What a shell reads and a reader may get wrong, among words that are not the name of any program. */
const piece = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('zz', 'yy9', 'x_x', '-a', '--b=c', 'd/e', 'f:g', 'h,i', 'j.k', '+l', '@m', '%n', '0'),
  },
  { weight: 6, arbitrary: fc.constantFrom(' ', '  ') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "'",
      '"',
      '\\',
      "''",
      '""',
      "'a b'",
      '"a b"',
      `"a'b"`,
      `'a"b'`,
      '"\\""',
      '"\\$"',
      '"\\\\"',
      '"\\a"',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ';',
      '&',
      '|',
      '&&',
      '||',
      ';;',
      '(',
      ')',
      '{',
      '}',
      '{a,b}',
      '{1..3}',
      '!',
      '#',
      '~',
      '*',
      '?',
      '[a]',
      '^',
      '=',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '$',
      '$x',
      '\x24{x}',
      '$(zz)',
      '`zz`',
      "$'a'",
      '$"a"',
      '$((1))',
      '!!',
      '"!"',
      '"$x"',
      '"`zz`"',
      '>',
      '<',
      '2>',
      'A=',
      'A=1 ',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\n', '\t', '\r', '\0', '\u00a0', '\u2028', '\u3000', '\u200b', 'ü', '\x1b', '\x7f'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('if ', 'time ', 'then', 'function ', 'coproc ', 'in', '[[ ', 'select ', 'until '),
  },
);
const line = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));

/** Tells the words of a command that there is not: whatever else the shell makes of a line is told otherwise, or not at all. */
const program = `
command_not_found_handle() { printf '<%s>' "$@"; printf '.'; }
while IFS= read -r -d '' script; do (eval "$script"); printf '\\0'; done`;

/** What bash runs of each line, by itself, in a folder without programs. */
function asBashRuns(scripts: readonly string[]): string[] {
  const told = execFileSync('/bin/bash', ['--norc', '--noprofile', '-c', program], {
    cwd: folder,
    env: { PATH: '/nowhere', HOME: folder, LANG: 'C.UTF-8' },
    encoding: 'utf8',
    input: scripts.map((script) => `${script}\0`).join(''),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return told.split('\0').slice(0, -1);
}

// The shells of Windows are others, and none of them is the system's bash.
test.skipIf(!existsSync('/bin/bash'))(
  'a line that is taken for literal words is just these words to bash, once',
  () => {
    const taken = new Map<string, string[]>();
    fc.assert(
      fc.property(line, (text) => {
        const words = simpleCommand(text);
        if (words && taken.size < lines) taken.set(text, words);
      }),
      { numRuns: 40_000 },
    );
    expect(taken.size).toBe(lines);
    const ran = asBashRuns([...taken.keys()]);
    const read = [...taken.values()].map((words) => `${words.map((word) => `<${word}>`).join('')}.`);
    expect(ran.filter((told, at) => told !== read[at])).toEqual([]);
    expect(ran).toHaveLength(lines);
    expect(readdirSync(folder)).toEqual(['a']);
  },
);

test.skipIf(!existsSync('/bin/sh'))("the shell's own quoting of any script comes back from its command line", () => {
  const script = fc.string({ unit: fc.constantFrom(...'abc \'"$`\\;|&<>(){}*?~#!^='), minLength: 1, maxLength: 12 });
  const quotings = [
    (text: string) => `'${text.replaceAll("'", `'"'"'`)}'`,
    (text: string) => `"${text.replace(/["$`\\]/g, '\\$&')}"`,
  ];
  fc.assert(
    fc.property(script, fc.constantFrom(...quotings), (text, quoted) => {
      const commandLine = `/bin/bash -lc ${quoted(text)}`;
      const got = shellScript(commandLine);
      // What is not read for sure stays the whole line, which is no simple command that anybody allows.
      expect([text, commandLine]).toContain(got);
      const printed = execFileSync('/bin/sh', ['-c', `printf %s ${quoted(text)}`], { encoding: 'utf8' });
      if (got !== commandLine) expect(got).toBe(printed);
    }),
    { numRuns: 60 },
  );
});
