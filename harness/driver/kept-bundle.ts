import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../testing/files/write-whole.ts';

/** A bundled text, and the files that it was made of, relative to the repository. */
export interface Made {
  text: string;
  inputs: readonly string[];
}

/** The repository, which bundles are made in. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What every bundle depends on: the versions of the packages, and the options that esbuild reads by itself. */
const always = ['package-lock.json', 'tsconfig.json'];

/**
 * The text of `file`, as long as all that it was made of is as it was then; else it is made anew and kept for the next process. Looking takes 10 ms, bundling up
 * to half a second.
 * @throws what `make` throws, and Error if the file cannot be written
 */
export async function keptBundle(file: string, make: () => Promise<Made>): Promise<string> {
  const stamp = `${file}.stamp.json`;
  const kept = await readKept(file, stamp);
  if (kept !== undefined) return kept;
  const begun = Date.now();
  const { text, inputs } = await make();
  const files = [...inputs, ...always];
  const digests = Object.fromEntries(files.map((name) => [name, digestOf(name)]));
  await writeWhole(file, text);
  // Of a file that was written meanwhile nobody knows which text was read. Clocks of file systems are some milliseconds late.
  if (files.some((name) => statSync(path.join(root, name)).mtimeMs > begun - 50)) return text;
  // Last: without the stamp, or with that of another text, the file is made anew.
  await writeWhole(stamp, `${JSON.stringify({ root, text: digest(text), inputs: digests })}\n`);
  return text;
}

async function readKept(file: string, stamp: string): Promise<string | undefined> {
  try {
    const [text, said] = await Promise.all([readFile(file, 'utf8'), readFile(stamp, 'utf8')]);
    const stamped = JSON.parse(said) as { root: string; text: string; inputs: Record<string, string> };
    const { text: own, inputs } = stamped;
    // The text names places in the repository, which may be a copy of the one that it was made in.
    const same =
      stamped.root === root &&
      own === digest(text) &&
      Object.entries(inputs).every(([name, was]) => digestOf(name) === was);
    return same ? text : undefined;
  } catch {
    return undefined; // None yet, a broken one, or one of a source that is gone.
  }
}

const digest = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

const digestOf = (name: string): string => digest(readFileSync(path.join(root, name)));
