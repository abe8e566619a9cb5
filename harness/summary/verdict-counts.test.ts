import { expect, test } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import { failingVerdicts, type Verdict } from '../cell/types.ts';
import { cellTotals, countVerdicts, passedCells } from './verdict-counts.ts';

const counted: Readonly<Record<Verdict, 'passed' | 'failed' | 'neither'>> = {
  match: 'passed',
  'known-difference': 'passed',
  baseline: 'passed',
  'not-applicable': 'neither',
  mismatch: 'failed',
  'stale-known-difference': 'failed',
  'could-not-run': 'failed',
};

test.each(Object.entries(counted) as [Verdict, string][])('a cell with the verdict %s counts as %s', (verdict, as) => {
  const counts = countVerdicts([{ verdict }]);
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(1);
  const name = verdict.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  expect(counts).toMatchObject({ [name]: 1 });
  expect(passedCells(counts)).toEqual({ passed: as === 'passed' ? 1 : 0, failed: as === 'failed' ? 1 : 0 });
  expect(failingVerdicts.has(verdict)).toBe(as === 'failed');
});

test('the totals keep clients, engines and versions apart', () => {
  const cells = [
    {},
    { engine: 'fake' },
    { client: 'python' },
    { engineVersion: '2.0.0' },
    { verdict: 'mismatch' },
  ] as const;
  const totals = cellTotals(cells.map(sampleCell));
  expect(totals.map(({ client, engine, engineVersion }) => [client, engine, engineVersion])).toEqual([
    ['ts', 'real', undefined],
    ['ts', 'fake', undefined],
    ['python', 'real', undefined],
    ['ts', 'real', '2.0.0'],
  ]);
  expect(totals[0]?.verdicts).toMatchObject({ match: 1, mismatch: 1 });
});
