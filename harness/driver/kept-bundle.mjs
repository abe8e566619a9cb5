// @ts-check
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A bundled text, and the files that it was made of, relative to the repository.
 * @typedef {object} Made
 * @property {string} text
 * @property {readonly string[]} inputs
 */

/** The repository, which bundles are made in. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What every bundle depends on: the versions of the packages, and the options that esbuild reads by itself. */
const always = ['package-lock.json', 'tsconfig.json'];

/**
 * The text of `file`, as long as all that it was made of is as it was then; else it is made anew and kept for the next process. Looking takes 10 ms, bundling up
 * to half a second.
 * @param {string} file
 * @param {() => Promise<Made>} make
 * @returns {Promise<string>}
 * @throws what `make` throws, and Error if the file cannot be written
 */
export async function keptBundle(file, make) {
  const stamp = `${file}.stamp.json`;
  const kept = readKept(file, stamp);
  if (kept !== undefined) return kept;
  const begun = Date.now();
  const { text, inputs } = await make();
  const files = [...inputs, ...always];
  const digests = Object.fromEntries(files.map((name) => [name, digestOf(name)]));
  writeWhole(file, text);
  // Of a file that was written meanwhile nobody knows which text was read. Clocks of file systems are some milliseconds late.
  if (files.some((name) => statSync(path.join(root, name)).mtimeMs > begun - 50)) return text;
  // Last: without the stamp, or with that of another text, the file is made anew.
  writeWhole(stamp, `${JSON.stringify({ root, text: digest(text), inputs: digests })}\n`);
  return text;
}

/** @param {string} file @param {string} stamp */
function readKept(file, stamp) {
  try {
    const text = readFileSync(file, 'utf8');
    /** @type {{ root: string, text: string, inputs: Record<string, string> }} */
    const stamped = JSON.parse(readFileSync(stamp, 'utf8'));
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

/** @param {string | Buffer} text */
const digest = (text) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** @param {string} name */
const digestOf = (name) => digest(readFileSync(path.join(root, name)));

/** As `testing/files/write-whole.ts`, which set-up cannot load. @param {string} file @param {string} text */
function writeWhole(file, text) {
  const beside = `${file}.${randomBytes(8).toString('hex')}.new`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(beside, text, { flag: 'wx' });
    renameSync(beside, file);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw new Error(`Cannot write ${file}`, { cause });
  }
}
