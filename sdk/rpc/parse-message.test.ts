import { expect, test } from 'vitest';
import { parseMessage } from './parse-message.ts';

const parse = (text: string, terminated = true) => parseMessage({ text, terminated });

test('an object is a message', () => {
  expect(parse('{"id":1}')).toEqual({ id: 1 });
  expect(parse('{"text":"\\ud800"}')).toEqual({ text: '\ud800' });
});

test.each([
  ['', "Invalid JSON-RPC line: '\\n'"],
  ['not json', "Invalid JSON-RPC line: 'not json\\n'"],
  ["it's", `Invalid JSON-RPC line: "it's\\n"`],
  ['{}{}', "Invalid JSON-RPC line: '{}{}\\n'"],
  ['\ufeff{}', "Invalid JSON-RPC line: '\\ufeff{}\\n'"],
  ['[1, "a", null]', "Invalid JSON-RPC payload: [1, 'a', None]"],
  ['true', 'Invalid JSON-RPC payload: True'],
  ['"x"', "Invalid JSON-RPC payload: 'x'"],
])('%j is malformed', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});

test('a line that the end cut off is quoted without a line feed, a long one is cut', () => {
  expect(() => parse('{"a', false)).toThrow(/^Invalid JSON-RPC line: '\{"a'$/);
  expect(() => parse('x'.repeat(5000))).toThrow(/x… \(5004 characters\)$/);
});
