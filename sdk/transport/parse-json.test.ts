import { expect, test } from 'vitest';
import type { CodexError } from '../errors/codex-error.ts';
import { deepestJson, parseJson } from './parse-json.ts';

const nested = (levels: number, open = '[', close = ']') => open.repeat(levels) + close.repeat(levels);

test.each([
  ['arrays', nested(deepestJson), nested(deepestJson + 1)],
  ['objects', nested(deepestJson, '{"a":', '}').replace(':}', ':1}'), nested(deepestJson + 1, '{"a":', '}')],
  ['arrays that nothing closes', '', '['.repeat(1_000_000)],
  ['after strings with quotes', `["\\"[\\\\",${nested(deepestJson - 1)}]`, `["\\"[\\\\",${nested(deepestJson)}]`],
])('%s are read to so many levels', (_, deepest, deeper) => {
  if (deepest !== '') expect(JSON.stringify(parseJson(deepest))).toBe(deepest);
  expect(() => parseJson(deeper)).toThrow(
    expect.objectContaining({
      kind: 'protocol',
      message: expect.stringMatching(
        /^Reading a line from the Codex process: expected JSON nested at most 1000 levels deep, got more: '.{200,210}…'\.$/,
      ) as unknown,
    }) as CodexError,
  );
});

test('brackets within strings are no levels, and neighbours are not deeper than one', () => {
  const text = `{"code":"${'{['.repeat(2000)}\\"${'{'.repeat(2000)}","list":[${'{},'.repeat(5000)}[]]}`;
  expect(Object.keys(parseJson(text) as object)).toEqual(['code', 'list']);
  expect(() => parseJson(`"${'['.repeat(5000)}`)).toThrow(SyntaxError);
});

test('a text that is not JSON is said in the words of the parser', () => {
  const own = () => JSON.parse('{"a":x}') as unknown;
  let words = '';
  try {
    own();
  } catch (error) {
    words = (error as Error).message;
  }
  expect(() => parseJson('{"a":x}')).toThrow(new SyntaxError(words));
});
