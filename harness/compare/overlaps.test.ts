import { expect, test } from 'vitest';
import { asNormalised, type NormalisedLine } from '../normalise/types.ts';
import { compare, differs } from './compare.ts';
import { livesAtStarts } from './overlaps.ts';

const line = (ch: 'argv' | 'exit', body: NormalisedLine['body']): NormalisedLine => ({ lane: ch, key: ch, ch, body });
const start = (...words: string[]) => line('argv', { argv: ['<engine>', ...words] });
const engine = start('app-server', '--listen', 'stdio://');
const asked = start('--version');
const schema = start('app-server', 'generate-json-schema');
const exit = line('exit', { code: '<closed>', signal: null });

const observation = (lines: NormalisedLine[]) =>
  asNormalised({
    header: { kind: 'golden', schemaVersion: 1, scenario: 's', client: 'ts', engineVersion: '1' },
    lines,
    fired: {},
  });

test.each([
  ['one after the other', [engine, exit, engine, exit], [0, 0]],
  ['a second before the first has ended', [engine, engine, exit, exit], [0, 1]],
  [
    'one that is asked for its version or schema is none',
    [asked, exit, engine, schema, exit, exit, engine, exit],
    [0, 0],
  ],
  ['runs of exec, each of which ends on its own', [start('exec', '--json'), start('exec', '--json'), exit, exit], []],
  ['an exit that nothing has started', [exit, engine], [0]],
])('%s', (_, lines, alive) => {
  expect(livesAtStarts(lines).map((one) => one.alive)).toEqual(alive);
});

test('a second engine that is started before the first has ended is a difference, though each lane is equal', () => {
  const [golden, overlapping] = [observation([engine, exit, engine, exit]), observation([engine, engine, exit, exit])];
  expect(compare(golden, overlapping)).toEqual([
    {
      kind: 'changed',
      lane: 'lives',
      ch: 'argv',
      key: 'argv',
      path: 'argv:argv/alive',
      expected: 0,
      actual: 1,
      expectedLine: 2,
      actualLine: 1,
    },
  ]);
  expect(differs(golden, overlapping)).toBe(true);
  expect(compare(overlapping, golden)).toMatchObject([{ expected: 1, actual: 0 }]);
  expect(differs(golden, observation([engine, exit, engine, exit]))).toBe(false);
});
