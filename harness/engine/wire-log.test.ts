import { expect, test } from 'vitest';
import { type WireRecord, wireObservation } from './wire-log.ts';

const spawn = (t: number, pid: number, ...words: string[]): WireRecord => ({
  t,
  pid,
  ch: 'spawn',
  argv: ['/codex', ...words],
  env: {},
});

test('lines of runs of exec that are under way at once carry the number of their run', () => {
  const lines = wireObservation([
    spawn(1, 10, 'exec'),
    spawn(2, 11, 'exec', 'resume', 'x'),
    { t: 3, pid: 11, ch: 'in', text: '{"type":"turn.started"}' },
    { t: 4, pid: 10, ch: 'exit', code: 1, signal: null },
    // A number that is given out again is the new run's.
    spawn(5, 10, 'exec'),
    { t: 6, pid: 10, ch: 'exit', code: null, signal: 'SIGTERM' },
  ]);
  expect(lines.filter(({ ch }) => ch !== 'env')).toEqual([
    { t: 1, ch: 'argv', argv: ['/codex', 'exec'], run: 1 },
    { t: 2, ch: 'argv', argv: ['/codex', 'exec', 'resume', 'x'], run: 2 },
    { t: 3, ch: 'wire.in', msg: { type: 'turn.started' }, run: 2 },
    { t: 4, ch: 'exit', code: 1, signal: null, run: 1 },
    { t: 5, ch: 'argv', argv: ['/codex', 'exec'], run: 3 },
    { t: 6, ch: 'exit', code: null, signal: 'SIGTERM', run: 3 },
  ]);
});

test('a start that asks for the help is no run, and what it says is for people', () => {
  const lines = wireObservation([
    spawn(1, 10, 'exec', '--help'),
    { t: 2, pid: 10, ch: 'in', text: 'Usage: codex exec' },
    { t: 3, pid: 10, ch: 'exit', code: 0, signal: null },
    spawn(4, 10, 'exec'),
    { t: 5, pid: 10, ch: 'exit', code: 0, signal: null },
  ]);
  expect(lines.filter(({ ch }) => ch !== 'env')).toEqual([
    { t: 1, ch: 'argv', argv: ['/codex', 'exec', '--help'] },
    { t: 4, ch: 'argv', argv: ['/codex', 'exec'], run: 1 },
    { t: 5, ch: 'exit', code: 0, signal: null, run: 1 },
  ]);
});

test('the input of a run is a text, though it looks like messages; stderr is told by lines', () => {
  const lines = wireObservation([
    { ...spawn(1, 10, 'exec'), schema: '{"a":1}' } as WireRecord,
    { t: 2, pid: 10, ch: 'out', text: '{"method":"x"}' },
    { t: 3, pid: 10, ch: 'out', text: '5', partial: true },
    { t: 4, pid: 10, ch: 'stderr', text: 'one\ntwo\n' },
  ]);
  expect(lines[0]).toMatchObject({ outputSchema: { a: 1 } });
  expect(lines.slice(2)).toEqual([
    { t: 2, ch: 'wire.out', raw: '{"method":"x"}\n', run: 1 },
    { t: 3, ch: 'wire.out', raw: '5', run: 1 },
    { t: 4, ch: 'stderr', text: 'one', run: 1 },
    { t: 4, ch: 'stderr', text: 'two', run: 1 },
  ]);
});

test('a member that a line says twice is kept with what a reader of the message never sees', () => {
  const read = (text: string) => wireObservation([{ t: 1, pid: 10, ch: 'out', text }])[0];
  const twice = '{"method":"x","params":{"a":1,"a":2,"a":3},"method":"x"}';
  expect(read(twice)).toEqual({
    ...{ t: 1, ch: 'wire.out', msg: { method: 'x', params: { a: 3 } } },
    doubled: { '/params/a': [1, 2], '/method': ['x'] },
  });
  // Written unlike `JSON.stringify` would, and nothing is lost.
  for (const text of ['{"a": 1}', '{"2":0,"1":0}', '{"a":1.0}', '{"a":"\\u0041"}'])
    expect(read(text)).not.toHaveProperty('doubled');
  const schema = '{"a":1,"a":1}';
  expect(wireObservation([{ ...spawn(1, 10, 'exec'), schema } as WireRecord])[0]).toMatchObject({
    outputSchema: schema,
  });
});

test('a server has no number', () => {
  const [argv] = wireObservation([spawn(1, 10, 'app-server')]);
  expect(argv).toEqual({ t: 1, ch: 'argv', argv: ['/codex', 'app-server'] });
});
