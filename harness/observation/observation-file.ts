import { readFile } from 'node:fs/promises';
import { writeWhole } from '../../testing/files/write-whole.ts';
import type { Observation, ObservationHeader, ObservationLine } from './types.ts';

/**
 * Writes a raw observation from which `observationRedactor` has removed the secrets. It is evidence: written first,
 * once, and never rewritten.
 */
export async function writeObservation(file: string, { header, lines }: Observation): Promise<void> {
  const rows = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`);
  await writeWhole(file, rows.join(''));
}

export async function readObservation(file: string): Promise<Observation> {
  const rows = (await readFile(file, 'utf8')).split('\n').filter((row) => row !== '');
  const [header, ...lines] = rows.map((row, index) => {
    try {
      return JSON.parse(row) as unknown;
    } catch (cause) {
      throw new Error(`${file}:${index + 1}: not JSON; the observation is broken, run its cell again`, { cause });
    }
  });
  if ((header as ObservationHeader | undefined)?.kind !== 'observation') {
    throw new Error(`${file}:1: no observation header: seen ${JSON.stringify(header)?.slice(0, 80)}`);
  }
  return { header: header as ObservationHeader, lines: lines as ObservationLine[] };
}

/**
 * Merges lines of several processes: all read the same clock, and lines with the same timestamp keep the given order.
 */
export function mergeLines(...parts: readonly (readonly ObservationLine[])[]): ObservationLine[] {
  return parts.flat().sort((a, b) => a.t - b.t);
}
