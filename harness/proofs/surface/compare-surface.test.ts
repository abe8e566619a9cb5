import { expect, test } from 'vitest';
import { compareSurface, type SurfaceException } from './compare-surface.ts';
import { asTheyAre, camelCased, surfaceItems } from './surface-items.ts';
import type { SurfaceParameter, SurfaceSymbol } from './types.ts';

const option = (name: string, given: SurfaceParameter['default'] = null): SurfaceParameter => ({
  name,
  kind: 'option',
  required: false,
  ...(given === undefined ? {} : { default: given }),
});
const run = (name: string, ...parameters: SurfaceParameter[]): SurfaceSymbol => ({
  module: 'root',
  name,
  kind: 'class',
  methods: [{ name: 'runNow', parameters }],
});
const kinds = (name: string, value: string): SurfaceSymbol => ({
  module: 'root',
  name: 'Kind',
  kind: 'enum',
  members: { [name]: value },
});
const failure = (base: string): SurfaceSymbol => ({ module: 'root', name: 'Failure', kind: 'exception', base });

function compare(python: SurfaceSymbol[], ours: SurfaceSymbol[], exceptions: SurfaceException[] = []) {
  const reference = surfaceItems({ version: '1', symbols: python }, camelCased);
  return compareSurface(reference, surfaceItems({ version: '1', symbols: ours }, asTheyAre).items, exceptions);
}

test('names map by camelCase, and a default of None is the absence of a choice', () => {
  const python = [run('AsyncThread', option('max_turns', 3), option('cwd')), kinds('read_only', 'read-only')];
  const ours = [run('Thread', option('maxTurns', 3), option('cwd', undefined)), kinds('readOnly', 'read-only')];
  expect(compare(python, ours)).toMatchObject({
    python: 6,
    mapped: 6,
    excepted: 0,
    differences: [],
    stale: [],
    extra: [],
  });
});

test.each<[string, SurfaceSymbol[], SurfaceSymbol[], string]>([
  ['a missing option', [run('T', option('a'))], [run('T')], 'T.runNow(a): ours does not have it'],
  ['another default', [run('T', option('a', 3))], [run('T', option('a', 4))], 'T.runNow(a): default: Python 3, ours 4'],
  [
    'a default that ours lacks',
    [run('T', option('a', false))],
    [run('T', option('a'))],
    'T.runNow(a): default: Python false, ours null',
  ],
  [
    'a parameter that is given in another way',
    [run('T', option('a'))],
    [run('T', { name: 'a', kind: 'positional', required: false })],
    'T.runNow(a): place: Python option, ours 0',
  ],
  ['another value', [kinds('a', 'x')], [kinds('a', 'y')], 'Kind.a: value: Python x, ours y'],
  ['another base', [failure('RpcError')], [failure('Error')], 'Failure extends: value: Python RpcError, ours Error'],
  [
    'classes that ought to be equal',
    [run('T', option('a', 1)), run('AsyncT', option('a', 2))],
    [run('T', option('a', 1))],
    "T.runNow(a): Python's async class differs",
  ],
])('%s is a difference', (_, python, ours, wanted) => {
  const { differences } = compare(python, ours);
  expect(differences).toHaveLength(1);
  expect(`${differences[0]?.name}: ${differences[0]?.problem}`).toContain(wanted);
});

test('an exception explains one fact as long as there is something to explain and ours has its answer', () => {
  const entry = (ours?: string | null) => ({
    name: 'T.runNow(delayS)',
    reason: 'r',
    ...(ours === undefined ? {} : { ours }),
  });
  const python = [run('T', option('delay_s', 1))];
  const ours = [run('T', option('delayMs', 1000))];
  expect(compare(python, ours, [entry('T.runNow(delayMs)')])).toMatchObject({
    excepted: 1,
    differences: [],
    extra: [],
  });
  expect(compare(python, ours, [entry(null)])).toMatchObject({ excepted: 1, extra: ['T.runNow(delayMs)'] });
  for (const gone of ['T.runNow(delay)', undefined]) {
    expect(compare(python, ours, [entry(gone)])).toMatchObject({ differences: [{}], stale: ['T.runNow(delayS)'] });
  }
  expect(compare([run('T')], [run('T')], [entry(null)]).stale).toEqual(['T.runNow(delayS)']);
});

test('of what ours has alone only the outermost is named', () => {
  const more: SurfaceSymbol = { ...run('More', option('a')), fields: [{ name: 'b', required: true }] };
  const wider = run('T', option('a'));
  wider.methods?.push({ name: 'stop', parameters: [option('b')] });
  expect(compare([run('T')], [wider, more]).extra).toEqual(['T.runNow(a)', 'T.stop()', 'More']);
});
