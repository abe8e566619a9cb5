import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expectedGot } from '../../native/expected-got.mjs';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { formatGoldenFile, GoldenError, parseGoldenFile } from '../../testing/golden/golden-file.ts';
import { asNormalised, type NormalisedLine, type NormalisedObservation } from '../normalise/types.ts';

/** Where goldens are recorded; another platform may have its own. */
export const basePlatform = 'linux';

/** The golden that applies on a platform (`process.platform`): the platform's own if it has one, otherwise the base. */
export function goldenPath(folder: string, scenario: string, platform: string = process.platform): string {
  const overlay = overlayPath(folder, scenario, platform);
  return overlay !== undefined && existsSync(overlay) ? overlay : path.join(folder, `${scenario}.jsonl`);
}

/** Where a platform's golden is if it differs from the base; undefined for the platform of the base. */
export function overlayPath(folder: string, scenario: string, platform: string): string | undefined {
  return platform === basePlatform ? undefined : path.join(folder, `${scenario}.${platform}.jsonl`);
}

/** Reads a golden. Returns undefined for a missing file; throws GoldenError with file and line for a broken one. */
export async function readGolden(file: string): Promise<NormalisedObservation | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new GoldenError(expectedGot(`reading the golden ${file}`, 'a file', 'an error of the system'), { cause });
  }
  return parseGolden(text, file);
}

/** Parses the text of a golden. @throws GoldenError with file and line */
export function parseGolden(text: string, file: string): NormalisedObservation {
  const { header, lines } = parseGoldenFile(text, file, 'Record it again with `npm run record`');
  return asNormalised({ header, lines: lines as NormalisedLine[], fired: {} });
}

export const formatGolden = ({ header, lines }: NormalisedObservation): string => formatGoldenFile({ header, lines });

export async function writeGolden(file: string, golden: NormalisedObservation): Promise<void> {
  await writeWhole(file, formatGolden(golden));
}
