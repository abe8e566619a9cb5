import { expect, it } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import type { CellResult } from '../cell/types.ts';
import { labelDifferences } from './label.ts';

const cell = (client: CellResult['client'], engine: CellResult['engine'], paths: string[]) =>
  sampleCell({
    ...{ client, engine, verdict: paths.length > 0 ? 'mismatch' : 'match' },
    unexplained: paths.map((path) => ({ kind: 'changed', lane: 'l', ch: 'event', key: 'k', path })),
  });

it('tells the SDK, the fake and the engine apart by the four cells', () => {
  const real = cell('python', 'real', ['engine']);
  const fake = cell('python', 'fake', ['fake']);
  const oursFake = cell('ts', 'fake', ['engine', 'fake', 'sdk']);
  const oursReal = cell('ts', 'real', ['fake', 'sdk']);
  const all = [real, fake, oursFake, oursReal];
  expect(labelDifferences(oursFake, all)).toEqual(['engine drift', 'fake drift', 'SDK difference']);
  expect(labelDifferences(oursReal, all)).toEqual(['SDK difference', 'SDK difference']);
  expect(labelDifferences(fake, all)).toEqual(['fake drift']);
  expect(labelDifferences(real, all)).toEqual(['engine drift']);
  const other = cell('python-async', 'real', ['engine', 'own']);
  expect(labelDifferences(other, [...all, other])).toEqual(['engine drift', 'client difference']);
});

it("calls a difference the SDK's on another engine than the pin only where ours differs from the reference there", () => {
  const on2 = { engineVersion: '2.0.0' };
  const reference = { ...cell('python', 'real', []), ...on2, drift: cell('python', 'real', ['engine']).unexplained };
  const ours = { ...cell('ts', 'real', ['sdk']), ...on2 };
  const other = { ...cell('python-async', 'real', ['sdk']), ...on2 };
  const pinned = cell('ts', 'real', ['sdk']);
  const all = [reference, ours, other, pinned];
  expect(labelDifferences(ours, all)).toEqual(['SDK difference']);
  expect(labelDifferences(other, all)).toEqual(['client difference']);
  // What an official client shows on another engine says nothing about the pin.
  expect(labelDifferences(pinned, all)).toEqual(['SDK difference']);
});

it('a cell of another scenario, and one that does not apply, say nothing of the cause', () => {
  const ours = cell('ts', 'real', ['sdk']);
  const elsewhere = { ...cell('python', 'real', ['sdk']), scenario: 'turns/other' };
  const cannot: CellResult = { ...cell('python', 'real', ['sdk']), verdict: 'not-applicable' };
  expect(labelDifferences(ours, [ours, elsewhere, cannot])).toEqual(['SDK difference']);
});
