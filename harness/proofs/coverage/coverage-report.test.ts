import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type CellCoverage, readCoverage, writeCoverage } from './coverage-file.ts';
import { coverageReport } from './coverage-report.ts';
import type { Exclusion } from './exclusions.ts';
import type { CoverageKind, CoveragePoint } from './kinds.ts';

const totals = new Map<CoverageKind, Set<CoveragePoint>>([
  ['items', new Set<CoveragePoint>(['items a', 'items b', 'items c', 'items d'])],
  ['notifications', new Set<CoveragePoint>(['notifications x/y'])],
]);
const cells: CellCoverage[] = [
  { scenario: 's/one', client: 'python', engine: 'real', points: ['items a', 'items of no contract' as CoveragePoint] },
  { scenario: 's/one', client: 'ts', engine: 'fake', points: ['items a', 'items b'] },
];
const exclusion: Exclusion = { kinds: ['items'], names: ['c'], reason: 'cannot be shown' };

it('counts by kind, client and engine, and names what is missing', () => {
  const { kinds, problems } = coverageReport(totals, cells, [
    exclusion,
    { ...exclusion, names: ['b'], engine: 'real' },
  ]);
  expect(kinds.items).toEqual({
    hit: 2,
    real: 1,
    total: 4,
    excluded: 1,
    excludedReal: 2,
    by: { 'python real': 1, 'ts fake': 2 },
    missing: ['d'],
    missingReal: ['d'],
  });
  expect(problems).toEqual([]);
});

it('refuses an exclusion of what is covered nonetheless, and one of nothing', () => {
  const problems = (names: string[], engine?: 'real' | 'fake') =>
    coverageReport(totals, cells, [{ ...exclusion, names, ...(engine && { engine }) }]).problems;
  expect(problems(['*'])).toEqual(['items * is excluded, but items a is covered']);
  expect(problems(['b'], 'real')).toEqual([]);
  expect(problems(['b'], 'fake')).toEqual(['items b is excluded, but items b is covered']);
  expect(problems(['e', 'x/*'])).toEqual(['items e excludes nothing', 'items x/* excludes nothing']);
});

it('keeps the points of each cell in a file, and takes no file for no run', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'twinproof-coverage-'));
  const file = path.join(folder, 'coverage.json');
  expect(await readCoverage(file)).toEqual([]);
  await writeCoverage(file, cells);
  expect(await readCoverage(file)).toEqual(cells);
  await writeFile(file, '{"schemaVersion":2}');
  await expect(readCoverage(file)).rejects.toThrow('expected schemaVersion 1, got 2');
  await rm(folder, { recursive: true });
});
