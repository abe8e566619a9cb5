import { rm } from 'node:fs/promises';
import { compare } from '../compare/compare.ts';
import { observationDiff } from '../compare/observation-diff.ts';
import { holds } from '../judging/holds.ts';
import type { NormalisedObservation } from '../normalise/types.ts';
import { basePlatform, goldenPath, overlayPath, readGolden, writeGolden } from './golden-file.ts';

export interface KeptGolden {
  outcome: 'new' | 'changed' | 'unchanged';
  /** What differs, a line each: see `observationDiff`. */
  details: string[];
}

export interface KeepOptions {
  /** Write nothing. */
  check?: boolean;
  /** Where it was recorded. Default: this machine's platform. */
  platform?: string;
}

/**
 * Keeps a new recording as its scenario's golden. The old file stays if lanes and their lines are the same. On a
 * platform other than the base's, a recording that differs from the base gets its own file, and one that does not
 * removes it. A scenario without a base gets one wherever it was recorded.
 */
export async function keepGolden(
  folder: string,
  fresh: NormalisedObservation,
  { check = false, platform = process.platform }: KeepOptions = {},
): Promise<KeptGolden> {
  const { scenario } = fresh.header;
  const held = await readGolden(goldenPath(folder, scenario, platform));
  if (held !== undefined && isSame(held, fresh)) return { outcome: 'unchanged', details: [] };
  const overlay = overlayPath(folder, scenario, platform);
  const base = goldenPath(folder, scenario, basePlatform);
  const old = await readGolden(base);
  if (!check) {
    if (overlay === undefined || old === undefined) await writeGolden(base, fresh);
    else if (isSame(old, fresh)) await rm(overlay, { force: true });
    else await writeGolden(overlay, fresh);
  }
  return {
    outcome: held === undefined ? 'new' : 'changed',
    details: held === undefined ? [] : differences(held, fresh),
  };
}

const isSame = (old: NormalisedObservation, fresh: NormalisedObservation): boolean =>
  holds('recording-of-client', old.header.client === fresh.header.client) && compare(old, fresh).length === 0;

function differences(held: NormalisedObservation, fresh: NormalisedObservation): string[] {
  if (held.header.client !== fresh.header.client) return [`client ${held.header.client}, now ${fresh.header.client}`];
  return observationDiff(held, fresh, compare(held, fresh));
}
