import type { CellResult } from '../cell/types.ts';
import { type DriftFigures, driftOf } from './drift.ts';
import { type FiguresByClient, figuresOfOurs, type KindOf } from './our-figures.ts';
import { countVerdicts, type VerdictCounts } from './verdict-counts.ts';

/** What a run found on one engine version; the pin's figures contain the fake's cells, which stand for it. */
export interface EngineFigures {
  version: string;
  /** Of the binary; `fake` where the real engine was not there. */
  sha256: string;
  verdicts: VerdictCounts;
  /** Parity of our clients there. */
  ours: FiguresByClient;
  /** Of another engine than the pin: what the references show differently there than in their goldens. */
  drift?: DriftFigures;
}

/** Figures for each engine of a run, in the given order. */
export function engineFigures(
  engines: readonly { version: string; sha256: string }[],
  pin: string,
  results: readonly CellResult[],
  kindOf: KindOf,
): EngineFigures[] {
  return engines.map(({ version, sha256 }) => {
    const cells = results.filter(({ engineVersion = pin }) => engineVersion === version);
    return {
      version,
      sha256,
      verdicts: countVerdicts(cells),
      ours: figuresOfOurs(cells, kindOf),
      ...(version !== pin && { drift: driftOf(cells) }),
    };
  });
}
