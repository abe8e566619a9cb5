import { expect, test } from 'vitest';
import { cellPath } from '../cell/cell-path.ts';
import { buildReportModel } from './build-model.ts';
import { event, request, SampleRun } from './test-fixtures/sample-run.ts';

const lines = [
  request('turn/start', { input: 'hi' }),
  event('turn/started', {}),
  event('item/completed', { text: 'hello' }),
  event('turn/completed', {}),
];

test('a cell that equals its golden adds no row and no lane', () => {
  const run = new SampleRun();
  run.golden('turns/one', lines);
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'real' }, lines);
  // Lanes float against each other: another order of whole lanes is the same observation.
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'fake' }, [...lines.slice(1), ...lines.slice(0, 1)]);
  const model = buildReportModel(run.input());
  expect(model.rows).toHaveLength(4);
  expect(model.cells.map(({ verdict, lanes }) => ({ verdict, lanes }))).toEqual([
    { verdict: 'match', lanes: [] },
    { verdict: 'match', lanes: [] },
  ]);
  expect(model.fired).toEqual([{ time: 3, path: 2 }]);
  expect(model.rules.map(({ name }) => name).sort()).toEqual(['path', 'time']);
});

test('of a cell that differs, only its differing lanes and new rows are kept, and lines are counted in their lane', () => {
  const run = new SampleRun();
  run.golden('turns/one', lines);
  const other = [lines[0], lines[2], lines[3], event('turn/extra', {})].filter((line) => line !== undefined);
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'real' }, other);
  const model = buildReportModel(run.input());
  const [cell] = model.cells;
  expect(model.rows).toHaveLength(5);
  expect(cell?.lanes?.map(([lane]) => lane)).toEqual(['user/events']);
  expect(cell?.unexplained.map((index) => model.differences[index])).toEqual([
    { kind: 'missing', lane: 'user/events', path: 'event:turn/started', expectedAt: 0 },
    { kind: 'extra', lane: 'user/events', path: 'event:turn/extra', actualAt: 2 },
  ]);
});

test('a lane that the client lacks is kept as empty; one that the fake cannot have is not', () => {
  const run = new SampleRun();
  const file = { lane: 'file', ch: 'file' as const, key: 'a.txt', body: { path: 'a.txt', content: '' } };
  run.golden('turns/one', [...lines, file]);
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'real' }, lines);
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'fake' }, lines);
  const model = buildReportModel(run.input());
  expect(model.cells[0]?.lanes?.map(([lane, sequence]) => [lane, model.sequences[sequence]])).toEqual([['file', []]]);
  expect(model.cells[1]).toMatchObject({ verdict: 'match', lanes: [] });
});

test('a fault of the cell keeps its value: it has no line to show', () => {
  const run = new SampleRun();
  const fault = { kind: 'extra', lane: 'cell', ch: 'mark', key: 'left behind', path: 'mark:left behind' } as const;
  const unexplained = [{ ...fault, expected: null, actual: { processes: ['engine'] } }];
  run.unjudged({ scenario: 'turns/one', client: 'ts', engine: 'real', verdict: 'mismatch', unexplained });
  const model = buildReportModel(run.input());
  expect(model.differences).toEqual([
    { kind: 'extra', lane: 'cell', path: 'mark:left behind', expected: null, actual: { processes: ['engine'] } },
  ]);
  expect(model.cells[0]).not.toHaveProperty('lanes');
});

test('a path names scenario, client, engine and a round beyond the first', () => {
  const cell = { scenario: 'turns/a b?x', client: 'ts', engine: 'fake', round: 1 } as const;
  expect(cellPath(cell)).toBe('turns/a%20b%3Fx/ts/fake');
  expect(cellPath({ ...cell, round: 2 })).toBe('turns/a%20b%3Fx/ts/fake/2');
});

test('a file that only the client can have written is shown on the fake engine too', () => {
  const run = new SampleRun();
  const file = (text: string) => ({ lane: 'file', ch: 'file' as const, key: 'a.txt', body: { text } });
  for (const [id, scripted] of [
    ['exec/replayed', false],
    ['exec/scripted', true],
  ] as const) {
    run.scenario(id, '', '', { scripted });
    run.golden(id, [file('one')]);
    run.cell({ scenario: id, client: 'ts', engine: 'fake' }, [file('two')]);
  }
  const { cells } = buildReportModel(run.input());
  expect(cells.map(({ scenario, verdict, unexplained, lanes }) => [scenario, verdict, unexplained, lanes])).toEqual([
    ['exec/replayed', 'match', [], []],
    ['exec/scripted', 'mismatch', [0], [['file', expect.any(Number)]]],
  ]);
});
