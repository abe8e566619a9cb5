import { appendFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { writeWhole } from '../../../testing/files/write-whole.ts';
import type { SweptCase } from './run-sweep.ts';

/**
 * What came of the runs so far, a line each, in `FILE.part` beside the file of results: that is written at the end, and a
 * sweep that is killed before leaves this one.
 */
export class SweptFile {
  readonly part: string;

  private constructor(part: string) {
    this.part = part;
  }

  /** Begins with what an earlier sweep has proven. */
  static async begin(file: string, proven: readonly SweptCase[]): Promise<SweptFile> {
    const begun = new SweptFile(partOf(file));
    await writeWhole(begun.part, proven.map(rowOf).join(''));
    return begun;
  }

  /** On disk when it returns: whoever ends the process between two runs loses neither. */
  add(one: SweptCase): void {
    appendFileSync(this.part, rowOf(one));
  }

  /** The file of results is written: nothing of this one is needed any more. */
  async end(): Promise<void> {
    await rm(this.part, { force: true });
  }
}

/** The runs of a sweep that was ended before it could write its results; a last line that broke off is none. */
export async function readSweptPart(file: string): Promise<SweptCase[]> {
  const text = await readFile(partOf(file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .slice(0, -1)
    .map((row) => JSON.parse(row) as SweptCase);
}

const partOf = (file: string): string => `${file}.part`;
const rowOf = (one: SweptCase): string => `${JSON.stringify(one)}\n`;
