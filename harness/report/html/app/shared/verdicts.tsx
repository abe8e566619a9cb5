import type { Verdict } from '../../../../cell/types.ts';

export type Tone = 'bad' | 'warn' | 'good' | 'calm' | 'quiet';

export interface VerdictLook {
  verdict: Verdict;
  label: string;
  short: string;
  /** Shows by shape what the tone shows by colour. */
  sign: string;
  tone: Tone;
}

/** Worst first: the order of the filter, and what a cell with several rounds shows. */
export const verdicts: readonly VerdictLook[] = [
  { verdict: 'could-not-run', label: 'could not run', short: 'no run', sign: '!', tone: 'bad' },
  { verdict: 'mismatch', label: 'mismatch', short: 'mismatch', sign: '✗', tone: 'bad' },
  { verdict: 'stale-known-difference', label: 'stale known difference', short: 'stale', sign: '⟲', tone: 'bad' },
  { verdict: 'known-difference', label: 'known difference', short: 'known', sign: '≈', tone: 'warn' },
  { verdict: 'baseline', label: 'baseline', short: 'baseline', sign: '◇', tone: 'calm' },
  { verdict: 'match', label: 'match', short: 'match', sign: '✓', tone: 'good' },
  { verdict: 'not-applicable', label: 'not applicable', short: 'n/a', sign: '–', tone: 'quiet' },
];

const byName = new Map(verdicts.map((look) => [look.verdict, look]));
const rank = new Map(verdicts.map(({ verdict }, index) => [verdict, index]));

export const isFailing = (verdict: Verdict): boolean => byName.get(verdict)?.tone === 'bad';

/** The cell with the worst verdict; undefined for none. */
export const worstOf = <T extends { verdict: Verdict }>(cells: readonly T[]): T | undefined =>
  cells.toSorted((a, b) => (rank.get(a.verdict) ?? 0) - (rank.get(b.verdict) ?? 0))[0];

export interface BadgeProps {
  verdict: Verdict;
  words?: 'label' | 'short';
  /** Said over it, after what the verdict means. */
  tip?: string | undefined;
}

/** A verdict in words, sign and colour. */
export function Badge({ verdict, words = 'label', tip }: BadgeProps) {
  const look = byName.get(verdict) ?? { label: verdict, short: verdict, sign: '?', tone: 'bad' };
  return (
    <span class={`badge ${look.tone}`} data-word={verdict} data-tip={tip}>
      <span class="sign" aria-hidden="true">
        {look.sign}
      </span>
      {look[words]}
    </span>
  );
}
