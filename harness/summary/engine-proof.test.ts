import { expect, it } from 'vitest';
import type { CellResult } from '../cell/types.ts';
import { checkJson } from '../data/schemas.ts';
import { makeEngineProofs } from './engine-proof.ts';
import type { Summary } from './summary.ts';
import { countVerdicts } from './verdict-counts.ts';

const knownBy = { 'ts-defect': 0, idiom: 0, 'safer-by-design': 0, 'python-defect': 0, upstream: 0 };
const figures = { compared: 1, equal: 1, known: 0, knownBy, baseline: 0, onRealEngine: 1 };
const change = { kind: 'changed' as const, path: 'event:x', scenarios: 1, example: 's/a', client: 'python' };
const engine = (version: string) => ({
  ...{ version, sha256: 'x', verdicts: countVerdicts([]), ours: { ts: figures, 'ts-exec': figures } },
  ...(version !== '2.0.0' && { drift: { compared: 1, drifted: 1, changes: Array(50).fill(change) } }),
});
const summary = {
  ...{
    begun: '2026-01-02T03:04:05Z',
    commit: 'ab'.repeat(20),
    dirty: false,
    engine: { version: '2.0.0', sha256: 'x' },
  },
  ...{ engines: [engine('1.0.0'), engine('2.0.0')], clients: [{ id: 'ts', version: '1' }] },
  platforms: [{ platform: 'linux', status: 'passed' }],
} as unknown as Summary;
const cells = [
  { scenario: 's/a', engine: 'real', engineVersion: '1.0.0' },
  { scenario: 's/a', engine: 'real' },
] as CellResult[];
const make = (over: Partial<Summary> = {}, results = cells, dirty = false, everything = ['s/a']) =>
  makeEngineProofs({ ...summary, ...over }, { results, dirty }, everything);

it('keeps the figures of each engine, and the most frequent changes', () => {
  const proofs = make();
  expect(proofs.flatMap((proof) => checkJson(proof, 'engine-proof'))).toEqual([]);
  expect(proofs.map(({ version, commit, scenarios }) => [version, commit, scenarios])).toEqual([
    ['1.0.0', 'ababababab', 1],
    ['2.0.0', 'ababababab', 1],
  ]);
  expect(proofs.map(({ drift }) => drift?.changes.length)).toEqual([40, undefined]);
});

it('refuses what proves nothing of an engine as a whole', () => {
  expect(() => make({ commit: null })).toThrow('a run of a Git commit');
  expect(() => make({ dirty: true })).toThrow('one with other files');
  expect(() => make({}, cells, true)).toThrow('one with other files');
  expect(() => make({}, cells.slice(1))).toThrow('every scenario on engine 1.0.0, got a run without 1 of them');
  const engines = [{ ...engine('2.0.0'), ours: { ts: figures } }];
  expect(() => make({ engines })).toThrow('both of our clients on engine 2.0.0, got a run without ts-exec');
});
