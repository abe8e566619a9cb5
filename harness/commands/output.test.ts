import { Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openOutput, printable } from './output.mjs';

/** What a terminal shows of this: only the signs that ours uses. */
function screenOf(text: string): string[] {
  const lines = [''];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what clears a line.
  for (const part of text.split(/(\r|\n|\x1b\[2K)/)) {
    if (part === '\n') lines.push('');
    else if (part === '\x1b[2K') lines[lines.length - 1] = '';
    else if (part !== '\r') lines[lines.length - 1] += part;
  }
  return lines;
}

function open(env: NodeJS.ProcessEnv = {}, fault?: string) {
  let text = '';
  const stdout = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done(fault === undefined ? null : Object.assign(new Error(fault), { code: fault }));
    },
  });
  return { output: openOutput({ stdout, stderr: stdout, env }), printed: () => text };
}

/** What GitHub's runner takes for a command: `::` at the beginning of a line, spaces aside, and `##[` anywhere. */
const isCommand = (line: string) => /^\s*::/.test(line) || line.includes('##[');

/** Text made of what is dangerous, in any order. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\r',
        '\u2028',
        ' ',
        '\t',
        ':',
        '::warning::x',
        '##[',
        '\x1b[31m',
        '\x1b]0;t\x07',
        '\x9b',
        '\u202e',
        '%0A',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

test('whatever a line holds, it is printed as one line that neither a terminal nor the runner acts upon', () => {
  fc.assert(
    fc.property(hostile, hostile, fc.constantFrom({}, { FORCE_COLOR: '1' }), (first, second, env) => {
      const { output, printed } = open(env);
      output.out(output.paint.red(first) + second);
      const lines = printed().split('\n');
      expect(lines).toHaveLength(2);
      const [line = ''] = lines;
      const bare = env.FORCE_COLOR === undefined ? line : line.replaceAll('\x1b[31m', '').replaceAll('\x1b[39m', '');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
      expect(bare).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]/);
      expect(isCommand(bare)).toBe(false);
      expect(bare).not.toMatch(/\p{Surrogate}/u);
    }),
    { numRuns: 2000 },
  );
});

test('a command to the runner is one line, whatever its message and properties hold', () => {
  fc.assert(
    fc.property(hostile, hostile, (title, message) => {
      const { output, printed } = open();
      output.command('error', { title, line: 3 }, message);
      expect(printed()).toMatch(/^::error title=[^\n,:]*,line=3::[^\n\r]*\n$/);
    }),
  );
  const { output, printed } = open();
  output.command('error', { file: 'a,b' }, '100 %\n::warning::x\x1b[31m');
  expect(printed()).toBe('::error file=a%2Cb::100 %25%0A::warning::x\\x1b[31m\n');
});

test('what people write stays as it is', () => {
  const text = 'naïve “日本語” 👩‍👩‍👧 → a::b c:\\d';
  expect(printable(text)).toBe(text);
  const { output, printed } = open();
  output.out(text, 'two');
  output.note(': one', '::two', '  :: three');
  expect(printed()).toBe(`${text}\ntwo\n: one\n\\::two\n  \\:: three\n`);
});

test('colours are ours alone, and only where they are seen', () => {
  const coloured = open({ FORCE_COLOR: '1' });
  coloured.output.out(`${coloured.output.paint.red('a')}\x1b[31mb`);
  expect(coloured.printed()).toBe('\x1b[31ma\x1b[39m\\x1b[31mb\n');
  for (const env of [{}, { NO_COLOR: '1', FORCE_COLOR: '1' }, { FORCE_COLOR: '0' }]) {
    const { output, printed } = open(env);
    output.out(output.paint.red('a'));
    expect(printed()).toBe('a\n');
  }
});

test('a reader that leaves is no failure, a full disk is one', async () => {
  for (const [fault, well] of [
    ['EPIPE', true],
    ['ENOSPC', false],
  ] as const) {
    const { output, printed } = open({}, fault);
    output.out('one');
    await new Promise(setImmediate);
    output.out('two');
    expect(await output.flush()).toBe(well);
    expect(printed()).toBe('one\n');
  }
});

function openLive(env: NodeJS.ProcessEnv = {}) {
  let text = '';
  const terminal = () => {
    const stream = new Writable({
      write(chunk, _, done) {
        text += chunk;
        done();
      },
    });
    return Object.assign(stream, { isTTY: true, columns: 20 });
  };
  return { output: openOutput({ stdout: terminal(), stderr: terminal(), env }), screen: () => screenOf(text) };
}

test('what is printed stands above the status, which is one line and goes when it ends', async () => {
  const { output, screen } = openLive();
  output.status('one');
  output.status('two, which is much longer than the terminal');
  expect(screen()).toEqual(['two, which is much ']);
  output.note('failed', 'and more');
  output.out('result');
  expect(screen()).toEqual(['failed', 'and more', 'result', 'two, which is much ']);
  output.status('three\x1b[31m\n');
  expect(screen().at(-1)).toBe('three\\x1b[31m\\n');
  await output.flush();
  expect(screen()).toEqual(['failed', 'and more', 'result', '']);
});

test('in CI, on a dumb terminal and in a file there is no status', () => {
  for (const env of [{ CI: 'true' }, { TERM: 'dumb' }]) {
    const { output, screen } = openLive(env);
    output.status('one');
    expect([output.live, screen()]).toEqual([false, ['']]);
  }
  const { output, printed } = open();
  output.status('one');
  expect([output.live, printed()]).toEqual([false, '']);
});
