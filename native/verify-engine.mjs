// @ts-check
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EngineError } from './engine-error.mjs';
import { expectedGot } from './expected-got.mjs';

/**
 * The hash of a file in this state. Hashing 300 MB takes a second at each start, so it is kept. The time of the inode's
 * last change is part of the state, because anybody can set back a file's own time.
 * @typedef {Record<'path' | 'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs' | 'sha256', string>} VerifiedEngine
 */

/** Longer than the coarsest tick of a kernel's clock. */
export const tickMs = 20;

/** @param {string} path @returns {Omit<VerifiedEngine, 'sha256'>} */
function stateOf(path) {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return { path, dev: `${dev}`, ino: `${ino}`, size: `${size}`, mtimeNs: `${mtimeNs}`, ctimeNs: `${ctimeNs}` };
}

/**
 * @param {string} path
 * @param {string} cacheFile
 * @returns {string | undefined} the hash found earlier, undefined when the file has changed since or was never hashed
 */
export function cachedHash(path, cacheFile) {
  try {
    /** @type {VerifiedEngine} */
    const known = JSON.parse(readFileSync(cacheFile, 'utf8'));
    const same = Object.entries(stateOf(path)).every(([name, value]) => known[/** @type {'path'} */ (name)] === value);
    return same ? known.sha256 : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Checks that the file is the locked engine.
 * @param {string} path absolute
 * @param {string} sha256 the expected one, hex
 * @param {string | undefined} cacheFile where the state of verified files is kept; undefined keeps nothing
 * @param {HashOptions} [options]
 * @throws {EngineError} `missing` or `wrong-hash`
 */
export async function verifyEngine(path, sha256, cacheFile, options = {}) {
  const seen = await hashEngine(path, cacheFile, { ...options, expected: sha256 });
  if (seen !== sha256)
    throw new EngineError('wrong-hash', expectedGot(`verifying the engine ${path}`, `sha256 ${sha256}`, seen));
}

/**
 * @typedef {object} HashOptions
 * @property {boolean} [fresh] reads the file even when its state is known
 * @property {(done: number, total: number) => void} [onProgress] in bytes
 */

/**
 * The hash of the engine's file, read once for each of its states.
 * @param {string} path absolute
 * @param {string | undefined} cacheFile where the state is kept; undefined keeps nothing
 * @param {HashOptions & { expected?: string }} [options] expected: nothing but this hash is kept or taken from what is kept
 * @returns {Promise<string>} hex
 * @throws {EngineError} `missing`
 */
export async function hashEngine(path, cacheFile, { fresh = false, onProgress, expected } = {}) {
  if (cacheFile !== undefined && !fresh) {
    const known = cachedHash(path, cacheFile);
    if (known !== undefined && (expected === undefined || known === expected)) return known;
  }
  const begun = Date.now();
  let state;
  let seen;
  try {
    // Taken before reading, so that a file written to meanwhile differs from what is kept.
    state = stateOf(path);
    const total = Number(state.size);
    const hash = createHash('sha256');
    let done = 0;
    await pipeline(
      createReadStream(path, { highWaterMark: 1 << 20 }),
      /** @param {AsyncIterable<Buffer>} parts */ async (parts) => {
        for await (const part of parts) {
          hash.update(part);
          done += part.length;
          onProgress?.(done, total);
        }
      },
    );
    seen = hash.digest('hex');
  } catch (cause) {
    const code = /** @type {NodeJS.ErrnoException} */ (cause).code ?? String(cause);
    throw new EngineError(
      'missing',
      expectedGot(`verifying the engine ${path}`, 'the locked engine', `no readable file (${code})`),
      { cause },
    );
  }
  // A later change within the same tick of the file system's clock would leave the state unchanged.
  const settled = begun - Number(BigInt(state.ctimeNs) / 1_000_000n) > tickMs;
  if (cacheFile !== undefined && settled && (expected === undefined || seen === expected))
    keep(cacheFile, { ...state, sha256: seen });
  return seen;
}

/** @param {string} cacheFile @param {VerifiedEngine} verified */
function keep(cacheFile, verified) {
  try {
    mkdirSync(dirname(cacheFile), { recursive: true });
    const beside = `${cacheFile}.${process.pid}`;
    writeFileSync(beside, `${JSON.stringify(verified)}\n`);
    renameSync(beside, cacheFile);
  } catch {
    // Without it the next start hashes again, which is slower but just as safe.
  }
}
