import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEngineLock } from '../../native/index.ts';
import { compareCalls, type Expected, printed, readExpected } from './compare-calls.ts';

const expected: Expected = {
  lines: [
    { call: 'run', line: '"hi"' },
    { call: 'read', line: 'true' },
  ],
  differences: [{ call: 'read', versions: ['1.0.0'], what: 'false', why: 'It came later.' }],
};
const lines = (read: string) => [
  { call: 'run', line: '"hi"' },
  { call: 'read', line: read },
];

test('a line is as expected, or as a difference says for this engine', () => {
  expect(compareCalls(lines('true'), expected, '2.0.0')).toEqual([]);
  expect(compareCalls(lines('false'), expected, '1.0.0')).toEqual([]);
  expect(compareCalls(lines('false'), expected, '2.0.0')).toEqual(['Calling "read": expected "true", got "false".']);
  expect(compareCalls(lines('true'), expected, '1.0.0')).toEqual(['Calling "read": expected "false", got "true".']);
});

test('a call that is missing, one that nobody expects, and a difference that is none are problems', () => {
  const [run] = lines('true');
  expect(compareCalls(run ? [run] : [], expected, '2.0.0')).toEqual([
    'Calling "read": expected "true", got no such call.',
  ]);
  const more = [...lines('true'), { call: 'new', line: '1' }];
  expect(compareCalls(more, expected, '2.0.0')).toEqual([
    'Calling "new": expected a line of fixtures/expected-calls.txt, got none. Run npm run calls -- --update.',
  ]);
  const none = { ...expected, differences: [{ call: 'run', versions: ['2.0.0'], what: '"hi"', why: 'It does not.' }] };
  expect(compareCalls(lines('true'), none, '2.0.0')).toEqual([
    'Calling "run": expected a difference from ""hi"", got the same in fixtures/engine-differences.yaml.',
  ]);
});

test('the committed lines: at least 40 calls, each with a name of its own, and differences of engines of the window', async () => {
  const { lines, differences } = await readExpected(join(import.meta.dirname, '../..'));
  const names = lines.map(({ call }) => call);
  expect(names.length).toBeGreaterThanOrEqual(40);
  expect(new Set(names).size).toBe(names.length);
  expect(lines.map(printed).filter((line) => /[0-9a-f]{8}-[0-9a-f]{4}-|\/tmp\//.test(line))).toEqual([]);
  const window = Object.keys(readEngineLock().engines);
  expect(window).toEqual(expect.arrayContaining(differences.flatMap(({ versions }) => versions)));
});
