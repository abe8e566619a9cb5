import { expect, test } from 'vitest';
import type { Verdict } from '../cell/types.ts';
import { countVerdicts } from '../summary/verdict-counts.ts';
import { conclusionOf } from './conclude.ts';

const shard = { index: 1, count: 2 };
interface Case {
  verdicts: Verdict[];
  ledger?: string[];
  problems?: string[];
  shard?: typeof shard;
  interrupted?: true;
}

/** How a run ends, by everything that can be wrong with it: the counts of its last line, and the exit code. */
test.each<[Case, number, number, number]>([
  [{ verdicts: ['match'] }, 1, 0, 0],
  [{ verdicts: ['match', 'known-difference', 'baseline', 'not-applicable'] }, 3, 0, 0],
  [{ verdicts: ['match', 'mismatch'] }, 1, 1, 1],
  [{ verdicts: ['match', 'stale-known-difference'] }, 1, 1, 1],
  [{ verdicts: ['match', 'could-not-run'] }, 1, 1, 1],
  [{ verdicts: ['match'], ledger: ['broken', 'expired'] }, 1, 2, 1],
  [{ verdicts: ['match'], problems: ['too little is flagged'] }, 1, 1, 1],
  [{ verdicts: ['match'], interrupted: true }, 1, 0, 1],
  [{ verdicts: ['match'], interrupted: true, shard }, 1, 0, 1],
  [{ verdicts: [] }, 0, 0, 1],
  [{ verdicts: ['not-applicable'] }, 0, 0, 1],
  [{ verdicts: ['not-applicable'], shard }, 0, 0, 0],
  [{ verdicts: ['mismatch'], shard }, 0, 1, 1],
])('%j', ({ verdicts, ledger = [], problems = [], shard: part = null, interrupted = false }, passed, failed, code) => {
  const summary = {
    verdicts: countVerdicts(verdicts.map((verdict) => ({ verdict }))),
    ledger: { entries: 0, problems: ledger },
    problems,
  };
  expect(conclusionOf(summary as never, { shard: part, interrupted })).toEqual({ passed, failed, code });
});
