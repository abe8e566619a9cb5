import { isObject, type JsonValue } from '../../testing/json/json.ts';
import { percent } from '../../testing/text.ts';
import { holds } from '../judging/holds.ts';
import type { NormalisedLine, NormalisedObservation } from '../normalise/types.ts';
import { matchesId } from '../scenario/index.ts';
import { coveringPaths, type LedgerEntry } from './ledger.ts';

/** How much the entries may explain away, counted in leaves: the values that a comparison compares. */
export interface LedgerShare {
  id: string;
  /** What the entry's own path covers of the golden of which it covers most, 0 to 1. */
  ofOneGolden: number;
  /** What it covers of all goldens, its consequences included, 0 to 1. */
  ofAll: number;
}

/** An entry that covers more than this is no longer one known difference. Today's widest cover 20 % and 0.3 %. */
const most = { ofOneGolden: 0.25, ofAll: 0.01 };

/** The share of each entry. @param goldens of all scenarios, by scenario */
export function ledgerShares(
  ledger: readonly LedgerEntry[],
  goldens: ReadonlyMap<string, NormalisedObservation>,
): LedgerShare[] {
  const all = [...goldens.values()].reduce((sum, { lines }) => sum + countLeaves(lines, () => false).all, 0);
  return ledger.map((entry) => {
    const [own, any] = [coveringPaths({ ...entry, consequences: [] }), coveringPaths(entry)];
    let [ofOneGolden, covered] = [0, 0];
    for (const [scenario, { lines }] of goldens) {
      if (!matchesId(scenario, entry.scenario)) continue;
      const counted = countLeaves(lines, own);
      ofOneGolden = Math.max(ofOneGolden, counted.all === 0 ? 0 : counted.covered / counted.all);
      covered += countLeaves(lines, any).covered;
    }
    return { id: entry.id, ofOneGolden, ofAll: all === 0 ? 0 : covered / all };
  });
}

/** The entries that cover too much, each in words. @param whole all goldens were there: only then is `ofAll` of all */
export const wideEntries = (shares: readonly LedgerShare[], whole: boolean): string[] =>
  shares.flatMap(({ id, ofOneGolden, ofAll }) => [
    ...(holds('entry-wide-in-one', ofOneGolden > most.ofOneGolden)
      ? [
          `${id}: expected its path to cover at most ${percent(most.ofOneGolden)} of a golden, got ${percent(ofOneGolden)}`,
        ]
      : []),
    ...(holds('entry-wide-in-all', whole && ofAll > most.ofAll)
      ? [`${id}: expected it to cover at most ${percent(most.ofAll)} of all goldens, got ${percent(ofAll, 2)}`]
      : []),
  ]);

function countLeaves(lines: readonly NormalisedLine[], covers: (path: string) => boolean) {
  const count = { all: 0, covered: 0 };
  const walk = (value: JsonValue | undefined, path: string, above: boolean): void => {
    // A difference may name a whole line or part of it: then everything below it is explained.
    const here = above || covers(path);
    const inner = Array.isArray(value) || isObject(value) ? Object.entries(value) : [];
    if (inner.length === 0) {
      count.all += 1;
      if (here) count.covered += 1;
    }
    for (const [name, one] of inner) walk(one, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, here);
  };
  for (const { ch, key, body } of lines) walk(body, `${ch}:${key}`, false);
  return count;
}
