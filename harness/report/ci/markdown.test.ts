import { expect, test } from 'vitest';
import { markdownCode, markdownTable, markdownText } from './markdown.ts';

const hostile =
  'a_b_ | `c` **d** <script>alert(1)</script> [e](https://f) ![](g)\n# h\n::error::i @j :tada: &lt; \\| ~~k~~ $l$ #1';

test('text stays what it is: no markup, no HTML, no cell of its own, no line of its own', () => {
  const shown = markdownText(hostile);
  // Without what is escaped, nothing is left that could begin or separate anything.
  expect(shown.replace(/&#\d+;|\\[\\`*[\]|~_]/g, '')).not.toMatch(/[|`*<>[\]#@\\~$\n]|&[#\w]|:\S|_(?!b)/);
  const read = shown
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/\\([\\`*[\]|~_])/g, '$1');
  expect(read).toBe(hostile.replaceAll('\n', ' '));
});

test('text that holds no markup reads as it was written', () => {
  const plain = '0.163.0 → 0.166.0 needs work: 7 breaking; Project.position? "a", {b} & c = 50 % (snake_case)!';
  expect(markdownText(plain)).toBe(plain);
});

test.each([
  ['- no list', '\\- no list'],
  ['1. no list', '&#49;. no list'],
  ['12) no list', '&#49;2) no list'],
  ['=== no heading', '\\=== no heading'],
])('what would open a block at the beginning of a line is text: %s', (text, shown) => {
  expect(markdownText(text)).toBe(shown);
});

test('what is hidden shows that it is there', () => {
  expect(markdownText('a\u0000b\u001b[31mc\u202ed\u2028e\ud800f é 😀')).toBe('a�b�\\[31mc�d�e�f é 😀');
});

test.each([
  ['x: {"a":"<b>"} | c_d_ **e** &lt; @f', '`x: {"a":"<b>"} | c_d_ **e** &lt; @f`'],
  ['a`</code>', '``a`</code>``'],
  ['`a` ``b``', '``` `a` ``b`` ```'],
  [' a ', '`  a  `'],
  ['a\n- b\u202e', '`a - b�`'],
  ['', ''],
  [' ', '`�`'],
])('code stands as it is, between backticks that nothing in it closes: %j', (text, shown) => {
  expect(markdownCode(text)).toBe(shown);
});

test('a table has one line for each row, whatever its cells say', () => {
  expect(markdownTable(['name', 'cells'], [['a|b\nc', 3]])).toEqual([
    '| name | cells |',
    '| --- | ---: |',
    '| a\\|b c | 3 |',
  ]);
});
