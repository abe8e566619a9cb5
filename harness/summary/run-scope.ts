import type { CellResult } from '../cell/types.ts';
import { clientIds } from '../clients/clients.ts';

/** How much of the whole a run was. */
export interface RunScope {
  /** Every scenario, with every client, on both engines, once. */
  whole: boolean;
  /** What makes it partial: `5 of 412 scenarios, without python`. Absent for a whole run. */
  part?: string;
}

/**
 * Derived from the results alone, so that it holds however they came about: a selection, no Python, an interruption,
 * merged shards. A cell that is not applicable has a result too, so the whole is a full product; with several
 * platforms, on each. The pin alone counts: other engines of the window are beside it.
 */
export function runScope(all: readonly CellResult[], everything: readonly string[]): RunScope {
  const results = all.filter(({ engineVersion }) => engineVersion === undefined);
  if (results.length === 0 && all.length > 0) return { whole: false, part: 'without the pinned engine' };
  const ran = new Set(results.map(({ scenario }) => scenario));
  const scenarios = everything.filter((id) => ran.has(id)).length;
  const cells = new Set(
    results.map(({ scenario, client, engine, platform }) => `${scenario} ${client} ${engine} ${platform}`),
  );
  const platforms = new Set(results.map(({ platform }) => platform)).size;
  const lacking = (names: readonly string[], seen: (result: CellResult) => string) => {
    const found = new Set(results.map(seen));
    return names.filter((name) => !found.has(name));
  };
  const without = [
    ...lacking(clientIds, ({ client }) => client),
    ...lacking(['real', 'fake'], ({ engine }) => engine).map((engine) => `the ${engine} engine`),
  ];
  const product = everything.length * clientIds.length * 2 * platforms;
  const reasons = [
    ...(scenarios < everything.length ? [`${scenarios} of ${everything.length} scenarios`] : []),
    ...(without.length > 0 ? [`without ${without.join(', ')}`] : []),
  ];
  if (results.length > cells.size) reasons.push(`${results.length} results of ${cells.size} cells`);
  if (reasons.length === 0 && cells.size !== product) reasons.push(`${cells.size} of ${product} cells`);
  return reasons.length === 0 ? { whole: true } : { whole: false, part: reasons.join(', ') };
}
