/** @import { Verdict } from '../../../verdict/judge.ts' */
import { el } from './dom.js';

/**
 * Worst first: the order of the filter, and what a cell that ran several rounds shows. The sign says in shape what the tone says in colour.
 * @type {{ verdict: Verdict, label: string, short: string, sign: string, tone: 'bad' | 'warn' | 'good' | 'quiet' }[]}
 */
export const verdicts = [
  { verdict: 'could-not-run', label: 'could not run', short: 'no run', sign: '!', tone: 'bad' },
  { verdict: 'mismatch', label: 'mismatch', short: 'mismatch', sign: '✗', tone: 'bad' },
  { verdict: 'stale-known-difference', label: 'stale known difference', short: 'stale', sign: '⟲', tone: 'bad' },
  { verdict: 'known-difference', label: 'known difference', short: 'known', sign: '≈', tone: 'warn' },
  { verdict: 'baseline', label: 'baseline', short: 'baseline', sign: '◇', tone: 'warn' },
  { verdict: 'match', label: 'match', short: 'match', sign: '✓', tone: 'good' },
  { verdict: 'not-applicable', label: 'not applicable', short: 'n/a', sign: '–', tone: 'quiet' },
];

const byName = new Map(verdicts.map((entry) => [entry.verdict, entry]));
const rank = new Map(verdicts.map((entry, index) => [entry.verdict, index]));

/**
 * @template {{ verdict: Verdict }} Cell
 * @param {Cell[]} cells
 */
export const worstOf = (cells) => cells.toSorted((a, b) => (rank.get(a.verdict) ?? 0) - (rank.get(b.verdict) ?? 0))[0];

/** @param {Verdict} verdict @param {'label' | 'short'} [words] */
export function badge(verdict, words = 'label') {
  const found = byName.get(verdict) ?? { label: verdict, short: verdict, sign: '?', tone: 'bad' };
  return el(
    'span',
    { class: `badge ${found.tone}` },
    el('span', { class: 'sign', 'aria-hidden': 'true' }, found.sign),
    found[words],
  );
}
