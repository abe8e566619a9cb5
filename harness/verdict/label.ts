import type { CellResult } from '../cell/types.ts';

/** Who is the likely cause of a difference. */
export type DifferenceLabel = 'SDK difference' | 'fake drift' | 'engine drift';

/** The official clients that give goldens: a difference that they show too is not our SDK's. `python-exec` gives none: its differences are its own. */
const references: ReadonlySet<string> = new Set(['python', 'python-async', 'ts-official', 'bare']);

/**
 * Labels each unexplained difference by the four cells {reference, ours} × {real, fake} of its scenario. What the reference itself shows on the real
 * engine is the engine's drift from the golden; what it shows on the fake alone is the fake's; the rest is the SDK's own.
 * Needs the reference's cells in the same run: without them everything is called an SDK difference.
 */
export function labelDifferences(result: CellResult, all: readonly CellResult[]): DifferenceLabel[] {
  const peers = all.filter((other) => other.scenario === result.scenario && references.has(other.client));
  const shows = (engine: string, path: string) =>
    peers.some((peer) => peer.engine === engine && peer.unexplained.some((difference) => difference.path === path));
  return result.unexplained.map(({ path }) => {
    if (shows('real', path)) return 'engine drift';
    if (result.engine === 'fake' && shows('fake', path)) return 'fake drift';
    return 'SDK difference';
  });
}
