import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expectedGot } from '../../../native/expected-got.mjs';
import { writeWhole } from '../../../testing/files/write-whole.ts';
import type { ClientId, EngineKind } from '../../clients/clients.ts';
import type { CoveragePoint } from './kinds.ts';

/** What one run of a scenario covered. */
export interface CellCoverage {
  scenario: string;
  client: ClientId;
  engine: EngineKind;
  points: Iterable<CoveragePoint>;
}

/** `coverage.json`: each point is written once and referred to by its index. */
interface CoverageFile {
  schemaVersion: 1;
  points: CoveragePoint[];
  cells: { scenario: string; client: ClientId; engine: EngineKind; points: number[] }[];
}

export const coveragePath = (out: string): string => path.join(out, 'coverage.json');

/** Writes what the cells of a run covered; the file is complete or unchanged. */
export async function writeCoverage(file: string, cells: readonly CellCoverage[]): Promise<void> {
  const numbers = new Map<CoveragePoint, number>();
  const numbered = cells.map(({ points, ...cell }) => ({
    ...cell,
    points: [...points].map((point) => {
      const number = numbers.get(point) ?? numbers.size;
      numbers.set(point, number);
      return number;
    }),
  }));
  const content: CoverageFile = { schemaVersion: 1, points: [...numbers.keys()], cells: numbered };
  await writeWhole(file, `${JSON.stringify(content)}\n`);
}

/** The cells of a run; empty if there was none. @throws Error if the file is broken or of another version */
export async function readCoverage(file: string): Promise<CellCoverage[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`Reading the coverage of the last run: cannot read ${file}`, { cause });
  }
  const { schemaVersion, points, cells } = JSON.parse(text) as CoverageFile;
  if (schemaVersion !== 1)
    throw new Error(
      expectedGot(`reading ${file}`, 'schemaVersion 1', String(schemaVersion), '`npm run parity` writes it anew'),
    );
  return cells.map((cell) => ({ ...cell, points: cell.points.map((number) => points[number] as CoveragePoint) }));
}
