import { percent } from '../../testing/text.ts';
import { clientFacts } from '../clients/clients.ts';
import { type ComparedFigures, knownApart, type OurFigures } from './our-figures.ts';
import type { Summary } from './summary.ts';
import type { CellTotals } from './verdict-counts.ts';

/** What a run says first, wherever it is shown: whom its cells are about, and what they came to. */
export interface Headline {
  /** For each of our clients, and of the guests, that was compared with its reference. */
  ours: { client: string; text: string }[];
  /** How much of ours is equal without the ledger; absent if none was compared. */
  shares?: string;
  /** The official clients against their own recordings; absent if none was compared. */
  references?: string;
  /** Absent if there are none. */
  baselines?: string;
}

type Figures = Pick<Summary, 'ours' | 'guests' | 'references' | 'baselines' | 'matchBeforeLedger' | 'matchForGoal'>;

export function headlineOf(summary: Figures): Headline {
  const ours = Object.entries({ ...summary.ours, ...summary.guests });
  const { references, baselines, matchBeforeLedger, matchForGoal } = summary;
  const isCompared = Object.values(summary.ours).some(({ compared }) => compared > 0);
  return {
    ours: ours.flatMap(([client, figures]) =>
      figures.compared === 0 ? [] : [{ client, text: describeOurs(figures) }],
    ),
    ...(isCompared && {
      shares: `${percent(matchBeforeLedger)} of ours match before the ledger, ${percent(matchForGoal)} without what is not ours or safer on purpose`,
    }),
    ...(references.compared > 0 && { references: describeCompared(references, references.drifted) }),
    ...(baselines > 0 && {
      baselines: `${baselines} cell${baselines === 1 ? '' : 's'}, compared with recordings that no official client made`,
    }),
  };
}

/** All of our clients as one, as far as counts of verdicts tell. */
export function oursTogether(totals: readonly CellTotals[]): ComparedFigures & { different: number } {
  const figures = { compared: 0, equal: 0, known: 0, different: 0, onRealEngine: 0 };
  for (const { client, engine, verdicts } of totals) {
    if (clientFacts(client).maker !== 'ours') continue;
    const different = verdicts.mismatch + verdicts.staleKnownDifference;
    const compared = verdicts.match + verdicts.knownDifference + different;
    figures.compared += compared;
    figures.equal += verdicts.match;
    figures.known += verdicts.knownDifference;
    figures.different += different;
    if (engine === 'real') figures.onRealEngine += compared;
  }
  return figures;
}

/** `426 compared, 373 equal, 53 known differences (26 not ours, or safer on purpose), 128 of the 426 on the real engine`. */
export function describeOurs(figures: OurFigures): string {
  return describeCompared(figures, 0, knownApart(figures));
}

export function describeCompared(figures: ComparedFigures, drifted = 0, apart = 0): string {
  const { compared, equal, known, onRealEngine } = figures;
  const different = compared - equal - known - drifted;
  return [
    `${compared} compared`,
    `${equal} equal`,
    ...(different > 0 ? [`${different} different`] : []),
    `${known} known difference${known === 1 ? '' : 's'}${apart > 0 ? ` (${apart} not ours, or safer on purpose)` : ''}`,
    ...(drifted > 0 ? [`${drifted} unlike their recording on another engine`] : []),
    `${onRealEngine} of the ${compared} on the real engine`,
  ].join(', ');
}
