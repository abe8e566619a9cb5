import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { type GeneratedFiles, publishFolder, staleFiles } from './publish-folder.ts';

/** The repository's folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a generator made. */
export interface GeneratedOutput {
  /** The files that differ, from the root, each with what is wrong with it. */
  stale(): Promise<string[]>;
  write(): Promise<void>;
  /** For the line that says what was written. */
  summary: string;
}

/** A folder that is generated as a whole. `place` is its path from the root. */
export const generatedFolder = (
  place: string,
  files: GeneratedFiles,
  summary = `${Object.keys(files).length} files`,
): GeneratedOutput => ({
  stale: async () => (await staleFiles(join(root, place), files)).map((file) => `${place}/${file}`),
  write: () => publishFolder(join(root, place), files),
  summary: `${place}: ${summary}`,
});

/** A file that is generated as a whole. */
export const generatedFile = (place: string, text: string, summary: string): GeneratedOutput => ({
  stale: async () => ((await readFile(join(root, place), 'utf8').catch(() => '')) === text ? [] : [place]),
  write: () => writeWhole(join(root, place), text),
  summary: `${place}: ${summary}`,
});
