import { expect, it } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import type { CellResult } from '../cell/types.ts';
import { mergeResults, type NamedResult } from './merge-results.ts';
import type { RunResult } from './run-result.ts';

const cell = (scenario: string, client: CellResult['client'] = 'ts') =>
  sampleCell({ scenario, client, engine: 'fake', raw: `raw/${scenario}/${client}.fake.jsonl` });

const result = (over: Partial<RunResult> = {}): RunResult => ({
  schemaVersion: 1,
  platform: 'linux',
  begun: '2026-01-02T00:00:00.000Z',
  commit: 'c1',
  dirty: false,
  inputs: { goldens: 'g1', code: 'k1' },
  engine: { version: '1.2.3', sha256: 's' },
  clients: [{ id: 'ts', version: '0.1.0' }],
  request: { scenario: null, family: null, clients: ['python', 'ts'], engines: ['fake'], offline: false, rounds: 1 },
  shard: null,
  interrupted: false,
  durationMs: 10,
  jobs: 2,
  results: [],
  ...over,
});
const first = result({ shard: { index: 1, count: 2 }, results: [cell('a'), cell('a', 'python'), cell('c')] });
const second = result({
  shard: { index: 2, count: 2 },
  begun: '2026-01-01T00:00:00.000Z',
  durationMs: 30,
  clients: [{ id: 'python', version: '1' }],
  results: [cell('b')],
});
const named = (...results: RunResult[]): NamedResult[] => results.map((one, at) => ({ name: `/r${at}`, result: one }));

it('makes of shards, in any order, what the whole run would have given', () => {
  const { result: merged, sources } = mergeResults(named(second, first));
  expect(merged.results.map(({ scenario, client }) => `${scenario} ${client}`)).toEqual([
    'a ts',
    'a python',
    'b ts',
    'c ts',
  ]);
  expect(merged).toMatchObject({
    shard: null,
    begun: '2026-01-01T00:00:00.000Z',
    durationMs: 30,
    clients: [{ id: 'python' }, { id: 'ts' }],
  });
  expect(sources.get('b/ts/fake')).toBe('/r0/raw/b/ts.fake.jsonl');
});

it('keeps the cells of several platforms apart', () => {
  const { result: merged, sources } = mergeResults(
    named(
      result({ results: [cell('a')] }),
      result({ platform: 'win32', engine: { version: '1.2.3', sha256: 'w' }, results: [cell('a')] }),
    ),
  );
  expect(merged.results.map(({ platform, raw }) => [platform, raw])).toEqual([
    [undefined, 'raw/a/ts.fake.jsonl'],
    ['win32', 'raw-win32/a/ts.fake.jsonl'],
  ]);
  expect(sources.get('a/ts/fake%40win32')).toBe('/r1/raw/a/ts.fake.jsonl');
});

it.each<[string, RunResult[], string]>([
  ['nothing', [], 'Merging results: expected at least one folder, got none.'],
  ['a missing shard', [first], 'linux: shard 2/2 is missing'],
  ['a shard given twice', [first, first], 'shard 1/2 was given twice: /r0 and /r1'],
  ['shards of another number', [first, { ...second, shard: { index: 2, count: 3 } }], '/r1 is shard 2/3, /r0 is 1/2'],
  ['a whole beside a shard', [first, result()], '/r0 and /r1 overlap'],
  ['another commit', [first, { ...second, commit: 'c2' }], 'Merging /r1: expected commit c1 as /r0 has it, got c2.'],
  [
    'other goldens',
    [first, { ...second, inputs: { goldens: 'g2', code: 'k1' } }],
    'Merging /r1: expected the digest of goldens to be g1 as /r0 has it, got g2.',
  ],
  [
    'another engine',
    [first, { ...second, engine: { version: '2', sha256: 's' } }],
    'Merging /r1: expected engine 1.2.3 as /r0 has it, got 2.',
  ],
  [
    'another binary',
    [first, { ...second, engine: { version: '1.2.3', sha256: 't' } }],
    'expected the engine s as /r0 had it, got t of /r1',
  ],
  [
    'another client',
    [first, { ...second, clients: [{ id: 'ts', version: '9' }] }],
    'Merging /r1: expected ts 0.1.0 as /r0 has it, got 9.',
  ],
  ['another request', [first, { ...second, request: { ...second.request, rounds: 2 } }], 'as /r0 did, got'],
  ['an interrupted run', [first, { ...second, interrupted: true }], 'the run of /r1 was interrupted'],
])('refuses %s', (_, results, message) => {
  expect(() => mergeResults(named(...results))).toThrow(message);
});

it('is of a changed folder if one of its parts is', () => {
  const merged = mergeResults(named(first, { ...second, dirty: true })).result;
  expect([mergeResults(named(first, second)).result.dirty, merged.dirty]).toEqual([false, true]);
});

it('keeps guests, whose versions count too, and takes the longest time', () => {
  const guest = (version: string) => [{ id: 'mine' as never, version }];
  const merged = mergeResults(named({ ...first, durationMs: 40 }, { ...second, clients: guest('2') })).result;
  expect(merged.clients).toEqual([{ id: 'ts', version: '0.1.0' }, ...guest('2')]);
  expect(merged.durationMs).toBe(40);
  expect(() => mergeResults(named({ ...first, clients: guest('1') }, { ...second, clients: guest('2') }))).toThrow(
    'got 2',
  );
});
