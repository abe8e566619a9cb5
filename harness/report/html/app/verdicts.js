/** @import { Verdict } from '../../../verdict/judge.ts' */
import { el } from './dom.js';

/**
 * Worst first: the order of the filter, and what a cell that ran several rounds shows. The sign says in shape what the tone says in colour.
 * @type {{ verdict: Verdict, label: string, sign: string, tone: 'bad' | 'warn' | 'good' | 'quiet' }[]}
 */
export const verdicts = [
  { verdict: 'could-not-run', label: 'could not run', sign: '!', tone: 'bad' },
  { verdict: 'mismatch', label: 'mismatch', sign: '✗', tone: 'bad' },
  { verdict: 'stale-known-difference', label: 'stale known difference', sign: '⟲', tone: 'bad' },
  { verdict: 'known-difference', label: 'known difference', sign: '≈', tone: 'warn' },
  { verdict: 'baseline', label: 'baseline', sign: '◇', tone: 'warn' },
  { verdict: 'match', label: 'match', sign: '✓', tone: 'good' },
  { verdict: 'not-applicable', label: 'not applicable', sign: '–', tone: 'quiet' },
];

const byName = new Map(verdicts.map((entry) => [entry.verdict, entry]));
const rank = new Map(verdicts.map((entry, index) => [entry.verdict, index]));

/** @param {Verdict} verdict */
export const isFailing = (verdict) => byName.get(verdict)?.tone === 'bad';

/**
 * @template {{ verdict: Verdict }} Cell
 * @param {Cell[]} cells
 */
export const worstOf = (cells) => cells.toSorted((a, b) => (rank.get(a.verdict) ?? 0) - (rank.get(b.verdict) ?? 0))[0];

/** @param {Verdict} verdict */
export function badge(verdict) {
  const { label, sign, tone } = byName.get(verdict) ?? { label: verdict, sign: '?', tone: 'bad' };
  return el('span', { class: `badge ${tone}` }, el('span', { class: 'sign', 'aria-hidden': 'true' }, sign), label);
}
