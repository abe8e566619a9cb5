import { describe, expect, it } from 'vitest';
import { asNormalised, type NormalisedLine } from '../normalise/types.ts';
import { compare } from './compare.ts';

const line = (key: string, body: NormalisedLine['body'] = {}, lane = 'in/1'): NormalisedLine => ({
  lane,
  ch: 'wire.in',
  key,
  body,
});
const observation = (lines: NormalisedLine[]) =>
  asNormalised({
    header: { kind: 'golden', schemaVersion: 1, scenario: 's', client: 'python', engineVersion: '1' },
    lines,
    fired: {},
  });
const differences = (a: NormalisedLine[], b: NormalisedLine[]) => compare(observation(a), observation(b));

describe('compare', () => {
  const golden = [line('started'), line('delta', { text: 'a' }), line('delta', { text: 'b' }), line('completed')];

  it('finds nothing in equal lanes, whatever their order towards each other', () => {
    const other = line('note', {}, 'in/2');
    expect(differences([...golden, other], [other, ...golden])).toEqual([]);
  });

  it('names one missing line as one difference', () => {
    const found = differences(golden, [golden[0], golden[2], golden[3]] as NormalisedLine[]);
    expect(found).toMatchObject([{ kind: 'missing', path: 'wire.in:delta', expected: { text: 'a' }, expectedLine: 1 }]);
  });

  it('names one extra line as one difference', () => {
    const found = differences(golden, [...golden, line('completed')]);
    expect(found).toMatchObject([{ kind: 'extra', path: 'wire.in:completed' }]);
  });

  it('aligns lanes of a hundred thousand lines that differ at both ends', () => {
    const body = Array.from({ length: 100_000 }, (_, n) => line('delta', { n }));
    const expected = [line('first', { a: 1 }), ...body, line('last', { a: 1 })];
    const actual = [line('first', { a: 2 }), ...body.toSpliced(50_000, 3), line('last', { a: 2 })];
    const found = differences(expected, actual).map(({ kind, path }) => `${kind} ${path}`);
    expect(found).toEqual([
      'changed wire.in:first/a',
      ...Array(3).fill('missing wire.in:delta'),
      'changed wire.in:last/a',
    ]);
  });

  it('sees a swap within a lane', () => {
    expect(differences(golden, [golden[0], golden[2], golden[1], golden[3]] as NormalisedLine[])).not.toEqual([]);
  });

  it('gives the path of a changed leaf, keys escaped', () => {
    const found = differences([line('x', { a: { 'b/c': [1, 2] } })], [line('x', { a: { 'b/c': [1, 3] } })]);
    expect(found).toMatchObject([{ kind: 'changed', path: 'wire.in:x/a/b~1c/1', expected: 2, actual: 3 }]);
  });

  it('tells an absent key from null', () => {
    const [found] = differences([line('x', { a: null })], [line('x', {})]);
    expect(found).toMatchObject({ path: 'wire.in:x/a', expected: null });
    expect(found).not.toHaveProperty('actual');
  });

  it('tells a cause before its consequences, whatever their lanes, and what never came last', () => {
    const call = line('turn/interrupt', { id: 1 }, 'out/1');
    const wrong = line('turn/interrupt', { id: 2 }, 'out/1');
    const refusal = line('answer', {}, 'in/answer');
    const found = differences([...golden, call], [...golden.slice(0, 3), wrong, refusal] as NormalisedLine[]);
    expect(found.map(({ kind, lane, key }) => `${kind} ${lane} ${key}`)).toEqual([
      'changed out/1 turn/interrupt',
      'extra in/answer answer',
      'missing in/1 completed',
    ]);
  });

  it('tells a missing line where the next of its lane came', () => {
    const late = line('note', {}, 'in/2');
    const found = differences([...golden], [golden[0], golden[2], golden[3], late] as NormalisedLine[]);
    expect(found.map(({ kind, key }) => `${kind} ${key}`)).toEqual(['missing delta', 'extra note']);
  });

  it('tells what shows at one place in the order of the golden, and of its own keys', () => {
    const lost = differences(golden, golden.slice(3));
    expect(lost.map(({ expectedLine }) => expectedLine)).toEqual([0, 1, 2]);
    const never = differences([...golden, line('note', {}, 'in/2')], []);
    expect(never.map(({ expectedLine }) => expectedLine)).toEqual([0, 1, 2, 3, 4]);
    const [a, b] = [line('x', { b: 1, a: [1, 2] }), line('x', { b: 2, a: [3, 4] })];
    expect(differences([a], [b]).map(({ path }) => path)).toEqual(['wire.in:x/a/0', 'wire.in:x/a/1', 'wire.in:x/b']);
  });

  it('tells what differs in a start before that it overlaps', () => {
    const start = (word: string): NormalisedLine => ({
      lane: 'argv',
      ch: 'argv',
      key: 'argv',
      body: { argv: ['<engine>', 'app-server', word] },
    });
    const exit: NormalisedLine = { lane: 'exit', ch: 'exit', key: 'exit', body: { code: 0 } };
    const found = differences([start('a'), exit, start('b')], [start('a'), start('c'), exit]);
    expect(found.map(({ lane, path }) => `${lane} ${path}`)).toEqual([
      'argv argv:argv/argv/2',
      'lives argv:argv/alive',
    ]);
  });
});
