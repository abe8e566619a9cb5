import { appendFile, readFile, rename } from 'node:fs/promises';
import { expectedGot } from '../../../native/expected-got.mjs';
import { writeWhole } from '../../../testing/files/write-whole.ts';
import type { Part, Selection } from './selection.ts';
import type { MutantResult } from './try-mutant.ts';

/**
 * A file of results as it grows: the selection, then one JSON line for each mutant. You can concatenate the files of
 * several shards. Until all mutants have been tried, the results are in `FILE.part`, so that an interrupted run keeps
 * what it found and an earlier file is complete or unchanged.
 */
export class ResultsWriter {
  readonly part: string;
  readonly #file: string;

  readonly #selection: Selection;

  private constructor(file: string, selection: Selection) {
    this.#file = file;
    this.#selection = selection;
    this.part = `${file}.part`;
  }

  static async begin(
    file: string,
    selection: Selection,
    results: readonly MutantResult[] = [],
  ): Promise<ResultsWriter> {
    const writer = new ResultsWriter(file, selection);
    await writeWhole(writer.part, [selection, ...results].map(rowOf).join(''));
    return writer;
  }

  async add(result: MutantResult): Promise<void> {
    await appendFile(this.part, rowOf(result));
  }

  /** @param results if rows were added for a mutant more than once: the ones that count */
  async end(results?: readonly MutantResult[]): Promise<void> {
    if (results) await writeWhole(this.part, [this.#selection, ...results].map(rowOf).join(''));
    await rename(this.part, this.#file);
  }
}

const rowOf = (value: object): string => `${JSON.stringify(value)}\n`;

/** @throws Error if a file does not exist or contains another line */
export async function readParts(files: readonly string[]): Promise<Part[]> {
  const parts: Part[] = [];
  for (const file of files) {
    const rows = (await readFile(file, 'utf8')).split('\n');
    // A line that a killed process had not finished.
    rows.pop();
    let part: Part | undefined;
    for (const [index, row] of rows.entries()) {
      if (row === '') continue;
      const place = `${file}:${index + 1}`;
      const value = parse(row, place);
      if (value.kind === 'selection') part = { place, selection: value as Selection, results: [] };
      else part ??= { place, selection: undefined, results: [] };
      if (parts.at(-1) !== part) parts.push(part);
      if (value.kind !== 'selection') part.results.push(value as MutantResult);
    }
  }
  return parts;
}

/** All results of the files, whatever was selected. */
export async function readResults(files: readonly string[]): Promise<MutantResult[]> {
  return (await readParts(files)).flatMap(({ results }) => results);
}

function parse(row: string, place: string): Partial<Selection & MutantResult> {
  const wrong = (cause?: unknown) =>
    new Error(expectedGot(`reading ${place}`, 'the result of a mutant', row.slice(0, 80)), { cause });
  let value: Partial<Selection & MutantResult>;
  try {
    value = JSON.parse(row);
  } catch (cause) {
    throw wrong(cause);
  }
  if (value.kind === 'selection' && typeof value.chosen === 'number') return value;
  if (typeof value.status === 'string' && typeof value.mutator === 'string') return value;
  throw wrong();
}
