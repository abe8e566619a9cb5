import { readFile } from 'node:fs/promises';
import { writeWhole } from '../../testing/files/write-whole.ts';
import type { MutantResult } from './try-mutant.ts';

/** One JSON line for each mutant: the files of several shards, one behind the other, are the file of all. */
export async function writeResults(file: string, results: readonly MutantResult[]): Promise<void> {
  await writeWhole(file, results.map((result) => `${JSON.stringify(result)}\n`).join(''));
}

/** @throws Error when a file is not there or has another line in it */
export async function readResults(files: readonly string[]): Promise<MutantResult[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return texts.flatMap((text, at) =>
    text
      .split('\n')
      .filter((row) => row !== '')
      .map((row, index) => {
        const result = JSON.parse(row) as MutantResult;
        if (typeof result.status === 'string' && typeof result.mutator === 'string') return result;
        throw new Error(`${files[at]}:${index + 1}: wanted the result of a mutant, saw ${row.slice(0, 80)}`);
      }),
  );
}
