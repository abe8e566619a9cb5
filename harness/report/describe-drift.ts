import type { DriftChange } from '../summary/drift.ts';
import type { EngineFigures } from '../summary/engine-figures.ts';
import { differenceWords } from './difference-text.ts';
import type { Paint } from './paint.ts';

/** A change that touches at least this share of the scenarios is nothing of theirs. */
const most = 0.5;
const listed = 20;

/** What a change does to its path: `1 → "two"`, or that the message came or went. */
export const driftWords = ({ kind, before, after }: DriftChange): string =>
  before === undefined || after === undefined ? differenceWords[kind] : `${before} → ${after}`;

/** The drift of each engine beside the pin: what touches most scenarios once, then the rest, the most frequent first. */
export function describeDrift(engines: readonly EngineFigures[], paint: Paint): string[] {
  return engines.flatMap(({ version, drift }) => {
    if (drift === undefined || drift.changes.length === 0) return [];
    const { changes, compared, drifted } = drift;
    const everywhere = changes.filter(({ scenarios }) => compared > 1 && scenarios >= compared * most);
    const rest = changes.filter((change) => !everywhere.includes(change));
    const line = (change: DriftChange) => {
      const { path, scenarios, example } = change;
      const where = scenarios === 1 ? `in ${example}` : `in ${scenarios} of ${compared} scenarios, such as ${example}`;
      return `  ${path} ${driftWords(change)}, ${where}`;
    };
    return [
      `${paint.yellow('engine drift')}  ${version}: ${drifted} of ${compared} references differ from their goldens, by ${changes.length} changes`,
      ...everywhere.map(line),
      ...rest.slice(0, listed).map(line),
      ...(rest.length > listed ? [`  and ${rest.length - listed} more, all in summary.json`] : []),
    ];
  });
}
