// @ts-check
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A bundled text, and the files that it was made of, relative to the repository.
 * @typedef {object} Made
 * @property {string} text
 * @property {readonly string[]} inputs
 */

/**
 * A bundle on disk. Its name has the digest of its text, so that a run keeps its program while another one of the same folder makes a newer.
 * @typedef {object} Kept
 * @property {string} file
 * @property {string} text
 */

/** The repository, which bundles are made in. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What every bundle depends on: the versions of the packages, and the options that esbuild reads by itself. */
const always = ['package-lock.json', 'tsconfig.json'];

/** Bundles that no run has taken for so long are removed: no run takes a day. */
const dayMs = 24 * 60 * 60 * 1000;

/**
 * The bundle of that name, as long as all that it was made of is as it was then; else it is made anew and kept for the next process. Looking takes 10 ms,
 * bundling up to half a second.
 * @param {string} folder
 * @param {string} name with its extension
 * @param {() => Promise<Made>} make
 * @param {() => number} [now]
 * @returns {Promise<Kept>}
 * @throws what `make` throws, and Error if the files cannot be written
 */
export async function keptBundle(folder, name, make, now = Date.now) {
  const stamp = path.join(folder, `${name}.stamp.json`);
  const kept = readKept(folder, name, stamp);
  if (kept !== undefined) return kept;
  const begun = now();
  const { text, inputs } = await make();
  const files = [...inputs, ...always];
  const digests = Object.fromEntries(files.map((input) => [input, digestOf(input)]));
  const own = digest(text);
  const file = fileOf(folder, name, own);
  writeWhole(file, text);
  removeOld(folder);
  // Of a file that was written meanwhile nobody knows which text was read. Clocks of file systems are some milliseconds late.
  if (files.some((input) => changedAt(path.join(root, input)) > begun - 50)) return { file, text };
  writeWhole(stamp, `${JSON.stringify({ root, text: own, inputs: digests })}\n`);
  return { file, text };
}

/** @param {string} folder @param {string} name @param {string} stamp @returns {Kept | undefined} */
function readKept(folder, name, stamp) {
  try {
    /** @type {{ root: string, text: string, inputs: Record<string, string> }} */
    const stamped = JSON.parse(readFileSync(stamp, 'utf8'));
    const file = fileOf(folder, name, stamped.text);
    const text = readFileSync(file, 'utf8');
    // The text names places in the repository, which may be a copy of the one that it was made in.
    const same =
      stamped.root === root &&
      stamped.text === digest(text) &&
      Object.entries(stamped.inputs).every(([input, was]) => digestOf(input) === was);
    if (!same) return undefined;
    touch(file);
    return { file, text };
  } catch {
    return undefined; // None yet, a broken one, or one of a source that is gone.
  }
}

/** @param {string} folder @param {string} name @param {string} own */
const fileOf = (folder, name, own) => {
  const { name: stem, ext } = path.parse(name);
  return path.join(folder, `${stem}.${own}${ext}`);
};

/** That it is still taken; a folder that cannot be written keeps its bundles anyway. @param {string} file */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Not ours to write.
  }
}

/** Those of texts before, and what an interrupted process has left. @param {string} folder */
function removeOld(folder) {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (name.endsWith('.stamp.json')) continue;
    try {
      if (statSync(file).mtimeMs < Date.now() - dayMs) rmSync(file);
    } catch {
      // Another process removes the same.
    }
  }
}

/** When a file was last written, though somebody set its time back. @param {string} file */
function changedAt(file) {
  const { mtimeMs, ctimeMs } = statSync(file);
  return Math.max(mtimeMs, ctimeMs);
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
    try {
      rmSync(beside, { force: true });
    } catch {
      // Why it could not be written says more.
    }
    throw new Error(`Cannot write ${file}`, { cause });
  }
}
