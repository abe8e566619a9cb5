import { readFile } from 'node:fs/promises';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { ExactNumber } from '../../testing/json/exact-number.ts';
import { readJson } from '../../testing/json/read-json.ts';
import { writeJson } from '../../testing/json/write-json.ts';
import type { Observation, ObservationHeader, ObservationLine } from './types.ts';

/**
 * Writes a raw observation from which `observationRedactor` has removed the secrets. It is evidence: written first,
 * once, and never rewritten.
 */
export async function writeObservation(file: string, { header, lines }: Observation): Promise<void> {
  const rows = [header, ...lines].map((line) => `${writeJson(line)}\n`);
  await writeWhole(file, rows.join(''));
}

export async function readObservation(file: string): Promise<Observation> {
  const rows = (await readFile(file, 'utf8')).split('\n').filter((row) => row !== '');
  const [header, ...lines] = rows.map((row, index) => {
    try {
      return timed(readJson(row)) as unknown;
    } catch (cause) {
      throw new Error(`${file}:${index + 1}: not JSON; the observation is broken, run its cell again`, { cause });
    }
  });
  if ((header as ObservationHeader | undefined)?.kind !== 'observation') {
    throw new Error(`${file}:1: no observation header: seen ${JSON.stringify(header)?.slice(0, 80)}`);
  }
  return { header: header as ObservationHeader, lines: lines as ObservationLine[] };
}

/** The clock of a machine that has run for 104 days passes what a double holds; its last digits order nothing. */
export function timed<Line>(line: Line): Line {
  const { t } = (line ?? {}) as { t?: unknown };
  return t instanceof ExactNumber ? { ...line, t: Number(t.text) } : line;
}

/**
 * Merges lines of several processes: all read the same clock, and lines with the same timestamp keep the given order.
 */
export function mergeLines(...parts: readonly (readonly ObservationLine[])[]): ObservationLine[] {
  return parts.flat().sort((a, b) => a.t - b.t);
}
