import { expect, it } from 'vitest';
import type { LedgerEntry } from '../../verdict/ledger.ts';
import type { CoverageReport, KindCoverage } from './coverage-report.ts';
import { type GoalFigures, goals } from './goals.ts';
import { type CoverageKind, coverageKinds } from './kinds.ts';

const kind = (real: number, missing: string[] = []): KindCoverage => ({
  hit: real,
  real,
  total: real,
  excluded: 0,
  excludedReal: 0,
  by: {},
  missing,
  missingReal: missing,
});
const met: Partial<Record<CoverageKind, number>> = {
  requests: 188,
  answers: 188,
  notifications: 60,
  serverRequests: 8,
  items: 18,
};
function figures(over: Partial<Record<CoverageKind, KindCoverage>> = {}, more: Partial<GoalFigures> = {}): GoalFigures {
  const names = Object.keys(coverageKinds) as CoverageKind[];
  const kinds = Object.fromEntries(names.map((name) => [name, over[name] ?? kind(met[name] ?? 1)]));
  return {
    report: { kinds, problems: [] } as unknown as CoverageReport,
    surface: { python: 5, mapped: 4, exceptions: 1 },
    matchForGoal: 0.9,
    ledger: [],
    usefulFiles: { official: 100, bare: 50 },
    ...more,
  };
}
const unmet = (given: GoalFigures) => goals(given).flatMap(({ name, met: isMet }) => (isMet ? [] : [name]));

it('is content where every goal is just met', () => expect(unmet(figures())).toEqual([]));

it('names each goal that is just missed', () => {
  expect(unmet(figures({ requests: kind(187) }))).toEqual(['requests on the real engine']);
  expect(unmet(figures({ answers: kind(187) }))).toEqual(['answers on the real engine']);
  expect(unmet(figures({ notifications: kind(59) }))).toEqual(['notifications on the real engine']);
  expect(unmet(figures({ serverRequests: kind(7) }))).toEqual(['serverRequests on the real engine']);
  expect(unmet(figures({ items: kind(18, ['imageGeneration']) }))).toEqual(['items on either engine']);
  expect(unmet(figures({}, { surface: { python: 6, mapped: 4, exceptions: 1 } }))).toEqual([
    "the Python SDK's surface",
  ]);
  for (const matchForGoal of [0.8999, undefined])
    expect(unmet(figures({}, { matchForGoal }))).toEqual([
      'our cells that match before the ledger, but for what is not ours or safer on purpose',
    ]);
  expect(unmet(figures({}, { usefulFiles: { official: 100, bare: 49 } }))).toEqual([
    'scenario files of a reference client on the real engine that cover what no other does',
  ]);
  const entry = { id: 'ours', kind: 'ts-defect' } as LedgerEntry;
  expect(unmet(figures({}, { ledger: [entry] }))).toEqual(['ledger without ts-defect']);
  const { kinds } = figures().report;
  expect(unmet(figures({}, { report: { kinds, problems: ['x'] } }))).toEqual(['exclusions']);
});
