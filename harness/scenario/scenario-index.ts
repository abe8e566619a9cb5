import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../testing/files/write-whole.ts';

/** A file whose scenarios are sound, as it was when they were read. */
export interface SoundFile {
  /** Undefined for one that is read anew next time. */
  stamp: string | undefined;
  /** Of its scenarios; empty while they are not known. */
  ids: string[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Code and data that decide whether a scenario is sound: a change in any of it has every file read anew. */
export const deciding: readonly string[] = [
  'fixtures/contract',
  'fixtures/schema',
  'harness/clients',
  'harness/contract',
  'harness/data',
  'harness/scenario',
  'native',
  'package-lock.json',
  'testing/files',
  'testing/json',
  'testing/nearest.ts',
  'testing/play',
];

/** File systems tell times in steps of some milliseconds: a second write within one of them leaves no trace. */
const stepMs = 50;

/** Changes with each write: of the text, and of a time that somebody set back. Undefined for a file that was only just written. */
export function stampOf(file: string, now = Date.now()): string | undefined {
  const { mtimeMs, ctimeMs, size } = statSync(file);
  return Math.max(mtimeMs, ctimeMs) > now - stepMs ? undefined : `${mtimeMs} ${ctimeMs} ${size}`;
}

/** The files of `dir` that an earlier process found sound, by their name in it; none where the index is missing, stale or broken. */
export async function readIndex(index: string, dir: string): Promise<Map<string, SoundFile>> {
  try {
    const { made, files } = JSON.parse(await readFile(index, 'utf8')) as { made: unknown; files: unknown };
    if (JSON.stringify(made) === JSON.stringify(basisOf(dir)) && isFiles(files)) return new Map(Object.entries(files));
  } catch {
    // None yet, or a broken one: every file is read.
  }
  return new Map();
}

/** Keeps those with a stamp for the next process. Where the index cannot be written, that one reads every file. */
export async function writeIndex(index: string, dir: string, all: ReadonlyMap<string, SoundFile>): Promise<void> {
  const made = basisOf(dir);
  // A source that was written after this process began may be another than the one that runs.
  if (Object.values(made.by).includes(null)) return;
  const files = Object.fromEntries([...all].filter(([, { stamp }]) => stamp !== undefined));
  const text = `${JSON.stringify({ made, files })}\n`;
  await writeWhole(index, text).catch(() => undefined);
}

const isFiles = (value: unknown): value is Record<string, SoundFile> =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every(
    (file: Partial<SoundFile> | null) =>
      typeof file?.stamp === 'string' &&
      Array.isArray(file.ids) &&
      file.ids.length > 0 &&
      file.ids.every((id) => typeof id === 'string'),
  );

let basis: Record<string, string | null> | undefined;

/** What the index was made with. It is looked at once: the code that is running is what it was then. */
function basisOf(dir: string): { dir: string; by: Record<string, string | null> } {
  basis ??= Object.fromEntries(
    deciding
      .flatMap((place) => filesOf(place))
      .map((name) => [name, stampOf(join(root, name), performance.timeOrigin) ?? null]),
  );
  return { dir, by: basis };
}

function filesOf(place: string): string[] {
  if (!statSync(join(root, place)).isDirectory()) return [place];
  // The engine's own source may be below `native`.
  return readdirSync(join(root, place), { recursive: place !== 'native', encoding: 'utf8' })
    .filter((name) => /(?<!\.test)\.(?:ts|mjs|json)$/.test(name))
    .map((name) => join(place, name))
    .sort();
}
