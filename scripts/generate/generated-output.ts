import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { structuralDiff } from '../../harness/compare/structural-diff.ts';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { type GeneratedFiles, publishFolder, staleFiles } from './publish-folder.ts';

/** The repository's folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a generator made. */
export interface GeneratedOutput {
  /** The files that differ, from the root, each with what is wrong with it; below one of JSON, what has changed in it. */
  stale(): Promise<string[]>;
  write(): Promise<void>;
  /** For the line that says what was written. */
  summary: string;
  /** What the generator did not know: there the output has placeholders, and is not fit to be committed. */
  gaps?: readonly string[];
}

/** A folder that is generated as a whole. `place` is its path from the root. */
export const generatedFolder = (
  place: string,
  files: GeneratedFiles,
  summary = `${Object.keys(files).length} files`,
): GeneratedOutput => ({
  stale: async () => {
    const stale = await staleFiles(join(root, place), files);
    return (await Promise.all(stale.map((file) => withDiff(place, file, files)))).flat();
  },
  write: () => publishFolder(join(root, place), files),
  summary: `${place}: ${summary}`,
});

/** A file that is generated as a whole. */
export const generatedFile = (place: string, text: string, summary: string): GeneratedOutput => ({
  stale: async () => ((await readFile(join(root, place), 'utf8').catch(() => '')) === text ? [] : [place]),
  write: () => writeWhole(join(root, place), text),
  summary: `${place}: ${summary}`,
});

/** Of a change that is longer, `git diff` tells all once it is written. */
const mostLines = 40;

/** A stale file, and of JSON what has changed in it. */
async function withDiff(place: string, stale: string, files: GeneratedFiles): Promise<string[]> {
  const told = `${place}/${stale}`;
  const name = /^(\S+\.json) \(differs\)$/.exec(stale)?.[1];
  const fresh = name === undefined ? undefined : files[name];
  if (name === undefined || fresh === undefined) return [told];
  const held = await readFile(join(root, place, name), 'utf8');
  const changes = structuralDiff(JSON.parse(held), JSON.parse(fresh));
  const more = changes.length - mostLines;
  return [
    told,
    ...changes.slice(0, mostLines).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more lines`] : []),
  ];
}
