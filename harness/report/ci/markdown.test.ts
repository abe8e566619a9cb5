import { expect, test } from 'vitest';
import { markdownCode, markdownTable, markdownText } from './markdown.ts';

test('text stays what it is: no markup, no HTML, no cell of its own, no line of its own', () => {
  const hostile =
    'a_b_ | `c` **d** <script>alert(1)</script> [e](https://f) ![](g)\n# h\n::error::i @j :tada: &lt; \\| ~~k~~';
  const shown = markdownText(hostile);
  expect(shown.replace(/&#\d+;/g, '')).not.toMatch(/[_|`*<>[\]!#:@\\~"&\n]/);
  const decoded = shown.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  expect(decoded).toBe(hostile.replaceAll('\n', ' '));
});

test('what is hidden shows that it is there', () => {
  expect(markdownText('a\u0000b\u001b[31mc\u202ed\u2028e\ud800f é 😀')).toBe('a�b�&#91;31mc�d�e�f é 😀');
});

test('code cannot be closed from within', () => {
  expect(markdownCode('a`</code>')).toBe('<code>a&#96;&#60;/code&#62;</code>');
});

test('a table has one line for each row, whatever its cells say', () => {
  expect(markdownTable(['name', 'cells'], [['a|b\nc', 3]])).toEqual([
    '| name | cells |',
    '| --- | ---: |',
    '| a&#124;b c | 3 |',
  ]);
});
