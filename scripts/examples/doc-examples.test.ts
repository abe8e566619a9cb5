import { expect, test } from 'vitest';
import { examplesIn } from './doc-examples.ts';

test('blocks of pages and of doc comments, with the line of their fence', () => {
  const text = [
    '/**',
    ' * Says.',
    ' * ```ts',
    ' * if (a) {',
    ' *   b();',
    ' * }',
    ' * ```',
    ' */',
    '```js',
    'c();',
    '```',
  ];
  expect(examplesIn('x.ts', text.join('\n'))).toEqual([
    { source: 'x.ts', line: 3, language: 'ts', code: 'if (a) {\n  b();\n}\n' },
    { source: 'x.ts', line: 9, language: 'js', code: 'c();\n' },
  ]);
});

test('a block that is not run says why; one that begins with a name is a file', () => {
  const text = '```ts no-run: needs a browser\na();\n```\n```js\n// agent.js\nb();\n```\n```sh\nls\n```\n';
  expect(examplesIn('x.md', text)).toMatchObject([{ noRun: 'needs a browser' }, { file: 'agent.js' }]);
});

test('a block is not left out silently', () => {
  expect(() => examplesIn('x.md', '```ts no-run\na();\n```\n')).toThrow(
    'Reading x.md:1: expected a block of "ts" or "no-run: REASON", got "no-run".',
  );
  expect(() => examplesIn('x.md', '\n```ts\na();\n')).toThrow('x.md:2: a block that is never closed');
});
