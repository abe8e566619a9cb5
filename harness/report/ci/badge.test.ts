import { expect, test } from 'vitest';
import type { Verdict } from '../../cell/types.ts';
import { countVerdicts } from '../../summary/verdict-counts.ts';
import { badge, renderBadge } from './badge.ts';

const facts = (
  verdicts: Verdict[],
  more: { whole?: boolean; ledgerProblems?: number; otherProblems?: number } = {},
) => ({
  whole: true,
  ledgerProblems: 0,
  ...more,
  verdicts: countVerdicts(verdicts.map((verdict) => ({ verdict }))),
});

test('green is a whole run in which nothing failed; a baseline is no parity', () => {
  const all: Verdict[] = ['match', 'known-difference', 'baseline', 'not-applicable'];
  expect(badge(facts(all))).toEqual({
    schemaVersion: 1,
    label: 'parity',
    message: '2/2',
    color: 'brightgreen',
    isError: false,
  });
});

test('a part is never green', () => {
  expect(badge(facts(['match'], { whole: false }))).toMatchObject({ label: 'parity (part)', color: 'yellow' });
});

test('a failure is red, in a cell, in the ledger or of the whole', () => {
  const failing: Verdict[] = ['match', 'mismatch', 'could-not-run', 'stale-known-difference'];
  expect(badge(facts(failing))).toMatchObject({ message: '1/4', color: 'red', isError: true });
  const ledger = badge(facts(['match'], { ledgerProblems: 2 }));
  expect(ledger).toMatchObject({ message: '1/1, 2 in the ledger', color: 'red', isError: true });
  const whole = badge(facts(['match'], { otherProblems: 1 }));
  expect(whole).toMatchObject({ message: '1/1, 1 of the whole', color: 'red', isError: true });
});

test('nothing compared is neither green nor red', () => {
  expect(badge(facts(['baseline']))).toMatchObject({ message: 'nothing compared', color: 'lightgrey' });
});

test('the picture says the same to those who cannot see it, and content cannot become markup', () => {
  const shown = badge(facts(['match']));
  const picture = renderBadge({ ...shown, message: '"<script>alert(1)</script>&' }, '1"><script>');
  expect(picture).not.toContain('<script');
  expect(picture).not.toMatch(/https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
  expect(renderBadge(shown, '0.163.0')).toContain('<title>parity: 1/1, engine 0.163.0</title>');
});
