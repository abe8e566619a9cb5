import { expect, test } from 'vitest';
import { sampleCell } from '../../cell/test-fixtures/sample-cell.ts';
import type { CellResult, Verdict } from '../../cell/types.ts';
import { cellTotals, countVerdicts } from '../../summary/verdict-counts.ts';
import { badge, renderBadge } from './badge.ts';

const facts = (
  verdicts: Verdict[],
  more: { whole?: boolean; ledgerProblems?: number; otherProblems?: number } = {},
) => ({
  whole: true,
  ledgerProblems: 0,
  ...more,
  ...ofCells(verdicts.map((verdict) => sampleCell({ verdict }))),
});
const ofCells = (cells: CellResult[]) => ({ totals: cellTotals(cells), verdicts: countVerdicts(cells) });

test('green is a whole run in which nothing failed; it counts ours alone, and no baseline', () => {
  const all: Verdict[] = ['match', 'known-difference', 'baseline', 'not-applicable'];
  expect(badge(facts(all))).toEqual({
    schemaVersion: 1,
    label: 'parity',
    message: '2 compared, 1 equal, 1 known',
    color: 'brightgreen',
    isError: false,
  });
  const others = ofCells([...Array(9).fill(sampleCell({ client: 'python' })), sampleCell({})]);
  expect(badge({ ...facts([]), ...others })).toMatchObject({ message: '1 compared, 1 equal, 0 known' });
});

test('a failure of another client is red and told apart', () => {
  const others = ofCells([sampleCell({ client: 'python', verdict: 'mismatch' }), sampleCell({})]);
  expect(badge({ ...facts([]), ...others })).toMatchObject({
    message: '1 compared, 1 equal, 0 known, 1 other cells failed',
    color: 'red',
  });
});

test('a part is never green', () => {
  expect(badge(facts(['match'], { whole: false }))).toMatchObject({ label: 'parity (part)', color: 'yellow' });
});

test('a failure is red, in a cell, in the ledger or of the whole', () => {
  const failing: Verdict[] = ['match', 'mismatch', 'could-not-run', 'stale-known-difference'];
  expect(badge(facts(failing))).toMatchObject({
    message: '3 compared, 1 equal, 0 known, 2 different, 1 other cells failed',
    color: 'red',
    isError: true,
  });
  const ledger = badge(facts(['match'], { ledgerProblems: 2 }));
  expect(ledger).toMatchObject({
    message: '1 compared, 1 equal, 0 known, 2 in the ledger',
    color: 'red',
    isError: true,
  });
  const whole = badge(facts(['match'], { otherProblems: 1 }));
  expect(whole).toMatchObject({ message: '1 compared, 1 equal, 0 known, 1 of the whole', color: 'red', isError: true });
});

test('nothing compared is neither green nor red', () => {
  expect(badge(facts(['baseline']))).toMatchObject({ message: 'nothing compared', color: 'lightgrey' });
});

test('the picture says the same to those who cannot see it, and content cannot become markup', () => {
  const shown = badge(facts(['match']));
  const picture = renderBadge({ ...shown, message: '"<script>alert(1)</script>&' }, '1"><script>');
  expect(picture).not.toContain('<script');
  expect(picture).not.toMatch(/https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
  expect(renderBadge(shown, '0.163.0')).toContain(
    '<title>parity: 1 compared, 1 equal, 0 known, engine 0.163.0</title>',
  );
});
