import type { CellResult } from '../cell/types.ts';
import { clientFacts, referenceOrder } from '../clients/clients.ts';
import { holds } from '../judging/holds.ts';

/** Who is the likely cause of a difference. `client difference`: not ours, but another client unlike the reference on the same engine. */
export type DifferenceLabel = 'SDK difference' | 'client difference' | 'fake drift' | 'engine drift';

/**
 * Labels each unexplained difference by the four cells {reference, ours} × {real, fake} of its scenario. The reference is the first, in the order in which clients
 * are asked for goldens, that the run has cells of: what it shows on the real engine is the engine's drift from the golden; what it shows on the fake alone is
 * the fake's; the rest is the client's own: an SDK difference where the client is ours. Without an official client's cells in the same run that is everything.
 * On another engine than the pin, cells are compared with the reference's run there: what differs is the client's own.
 */
export function labelDifferences(result: CellResult, all: readonly CellResult[]): DifferenceLabel[] {
  const own = holds('difference-is-ours', clientFacts(result.client).maker === 'ours')
    ? 'SDK difference'
    : 'client difference';
  if (result.engineVersion !== undefined) return result.unexplained.map(() => own);
  const there = all.filter(
    ({ scenario, verdict, engineVersion }) =>
      scenario === result.scenario && verdict !== 'not-applicable' && engineVersion === undefined,
  );
  const reference = referenceOrder.find(
    (id) => holds('reference-is-official', clientFacts(id).maker !== 'ours') && there.some((one) => one.client === id),
  );
  const peers = there.filter(({ client }) => client === reference);
  const shows = (engine: string, path: string) =>
    peers.some((peer) => peer.engine === engine && peer.unexplained.some((difference) => difference.path === path));
  return result.unexplained.map(({ path }) => {
    if (holds('engine-drifts', shows('real', path))) return 'engine drift';
    if (holds('fake-drifts', result.engine === 'fake' && shows('fake', path))) return 'fake drift';
    return own;
  });
}
