import { expect, it } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import type { CellResult } from '../cell/types.ts';
import type { LedgerEntry } from './ledger.ts';
import { markStale } from './ledger-health.ts';

const entry: LedgerEntry = {
  id: 'name',
  scenario: 'turns/*',
  clients: ['ts'],
  path: 'p',
  kind: 'idiom',
  reason: 'r',
  evidence: 'e',
  line: 1,
};
const cell = (client: CellResult['client'], known: string[] = []) =>
  sampleCell({
    client,
    verdict: known.length > 0 ? 'known-difference' : 'match',
    known: known.map((id) => ({ id, difference: { kind: 'changed', lane: 'l', ch: 'event', key: 'k', path: 'p' } })),
  });
const verdicts = (problem: 'unmatched' | 'expired' | 'no-longer-occurs', cells: CellResult[]) =>
  markStale(cells, [{ entry, problem, message: 'm' }]).map(({ verdict }) => verdict);

it('marks the cells that an outlived entry speaks of, and no others', () => {
  expect(verdicts('no-longer-occurs', [cell('ts'), cell('python')])).toEqual(['stale-known-difference', 'match']);
});

it('marks the cells that still need an expired entry', () => {
  expect(verdicts('expired', [cell('ts', ['name']), cell('ts')])).toEqual(['stale-known-difference', 'match']);
});

it('leaves cells alone where an entry matches no scenario: that is the ledger’s own failure', () => {
  expect(verdicts('unmatched', [cell('ts', ['name'])])).toEqual(['known-difference']);
});
