import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../testing/files/write-whole.ts';
import {
  asNormalised,
  type NormalisedHeader,
  type NormalisedLine,
  type NormalisedObservation,
} from '../normalise/types.ts';

export class GoldenError extends Error {
  override readonly name = 'GoldenError';
}

/** Where goldens are recorded: elsewhere one may lie over it. */
export const basePlatform = 'linux';

/** The golden that holds on a platform (`process.platform`): the one that lies over the base there, if it has one; else the base. */
export function goldenPath(folder: string, scenario: string, platform: string = process.platform): string {
  const overlay = overlayPath(folder, scenario, platform);
  return overlay !== undefined && existsSync(overlay) ? overlay : path.join(folder, `${scenario}.jsonl`);
}

/** Where a platform's golden lies, if it differs from the base; undefined for the platform of the base. */
export function overlayPath(folder: string, scenario: string, platform: string): string | undefined {
  return platform === basePlatform ? undefined : path.join(folder, `${scenario}.${platform}.jsonl`);
}

/** Reads a golden. A missing file gives undefined; a broken one throws GoldenError with file and line. */
export async function readGolden(file: string): Promise<NormalisedObservation | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new GoldenError(`Cannot read the golden ${file}`, { cause });
  }
  return parseGolden(text, file);
}

export function parseGolden(text: string, file: string): NormalisedObservation {
  const rows = text.split('\n');
  if (rows.at(-1) !== '')
    throw new GoldenError(`${file}:${rows.length}: the last line has no end: the file is cut; record it again`);
  const parsed = rows.slice(0, -1).map((row, index): unknown => {
    try {
      return JSON.parse(row);
    } catch (cause) {
      throw new GoldenError(`${file}:${index + 1}: not JSON; record the golden again`, { cause });
    }
  });
  const [header, ...lines] = parsed as [NormalisedHeader | undefined, ...NormalisedLine[]];
  if (header?.kind !== 'golden' || header.schemaVersion !== 1) {
    throw new GoldenError(
      `${file}:1: the header is ${JSON.stringify(header)}, wanted kind "golden" with schemaVersion 1`,
    );
  }
  lines.forEach((line, index) => {
    const whole = typeof line.lane === 'string' && typeof line.ch === 'string' && typeof line.key === 'string';
    if (!whole || typeof line.body !== 'object' || line.body === null) {
      throw new GoldenError(
        `${file}:${index + 2}: a line needs lane, ch, key and body; seen ${JSON.stringify(line).slice(0, 120)}`,
      );
    }
  });
  return asNormalised({ header, lines, fired: {} });
}

export function formatGolden(golden: NormalisedObservation): string {
  return [golden.header, ...golden.lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

export async function writeGolden(file: string, golden: NormalisedObservation): Promise<void> {
  await writeWhole(file, formatGolden(golden));
}
