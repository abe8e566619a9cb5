import { expect, test } from 'vitest';
import { formatGoldenFile, GoldenError, parseGoldenFile } from './golden-file.ts';

const header = '{"kind":"golden","schemaVersion":1}';
const line = '{"lane":"a","ch":"event","key":"k","body":{}}';

test('what is written is read again', () => {
  const file = {
    header: { kind: 'golden', schemaVersion: 1 },
    lines: [{ lane: 'a', ch: 'event', key: 'k', body: {} }],
  };
  expect(parseGoldenFile(formatGoldenFile(file), 'x')).toEqual(file);
});

test.each([
  ['a file that is cut', `${header}\n${line}`, 'x:2', 'a newline at the end'],
  ['a line that is no JSON', `${header}\noops\n`, 'x:2', 'expected JSON, got oops'],
  ['another kind', '{"kind":"script"}\n', 'x:1', 'a header of kind "golden"'],
  ['no header', '[]\n', 'x:1', 'got []'],
  ['a later form', '{"kind":"golden","schemaVersion":2}\n', 'x:1', 'schemaVersion 1'],
  ['an empty file', '\n', 'x:1', 'got an empty line'],
  ['a line that is no object', `${header}\n7\n`, 'x:2', 'lane, ch, key and body, got 7'],
  [
    'a line without a lane',
    `${header}\n${line}\n{"ch":"event","key":"k","body":{}}\n`,
    'x:3',
    'lane, ch, key and body',
  ],
  ['a long line', `${header}\n${'x'.repeat(121)}\n`, 'x:2', `got ${'x'.repeat(120)}…`],
])('%s is refused at its line', (_name, text, place, words) => {
  const read = () => parseGoldenFile(text, 'x', 'Do it again');
  expect(read).toThrow(GoldenError);
  expect(read).toThrow(place);
  expect(read).toThrow(words);
  expect(read).toThrow('Do it again');
});
