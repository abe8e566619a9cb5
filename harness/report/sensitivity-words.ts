import { percent } from '../../testing/text.ts';
import { loosenedShare } from '../proofs/sensitivity/tamper/flagged.ts';
import type { Summary } from '../summary/summary.ts';

/** How many rules are named; the rest is in summary.json. */
const named = 3;

/** What the comparison flags, and what rules let pass on purpose; undefined if the run has not measured it. */
export function sensitivityWords(figures: Summary['sensitivity']): string | undefined {
  const { tampered, flagged, loosened = {} } = figures;
  if (tampered === 0) return undefined;
  const share = percent(flagged / tampered, 2);
  const rules = Object.entries(loosened).sort(([, a], [, b]) => b - a);
  const most = rules.slice(0, named).map(([rule, count]) => `${rule} ${count}`);
  const more = rules.length > named ? [`${rules.length - named} more`] : [];
  const passed = rules.length === 0 ? '' : ` (${[...most, ...more].join(', ')})`;
  return `${flagged} of ${tampered} tamperings flagged (${share}); rules let ${percent(loosenedShare(figures), 2)} more pass${passed}`;
}
