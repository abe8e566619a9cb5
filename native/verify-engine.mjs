// @ts-check
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EngineError } from './engine-error.mjs';
import { expectedGot } from './expected-got.mjs';

/**
 * The hash that was found for a file in this state. Hashing 300 MB costs a second at each start, so it is kept: a file with the
 * same path, size, time and inode is the same file.
 * @typedef {{ path: string, size: number, mtimeMs: number, ino: number, sha256: string }} VerifiedEngine
 */

/**
 * @param {string} path
 * @param {string} cacheFile
 * @returns {string | undefined} the hash found earlier, undefined when the file has changed since or was never hashed
 */
export function cachedHash(path, cacheFile) {
  try {
    /** @type {VerifiedEngine} */
    const known = JSON.parse(readFileSync(cacheFile, 'utf8'));
    const now = statSync(path);
    const same =
      known.path === path && known.size === now.size && known.mtimeMs === now.mtimeMs && known.ino === now.ino;
    return same ? known.sha256 : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Checks that the file is the pinned engine.
 * @param {string} path absolute
 * @param {string} sha256 the expected one, hex
 * @param {string} cacheFile
 * @throws {EngineError} `missing` or `wrong-hash`
 */
export async function verifyEngine(path, sha256, cacheFile) {
  if (cachedHash(path, cacheFile) === sha256) return;
  let state;
  let seen;
  try {
    // Taken before reading: a file written to meanwhile then differs from what is kept.
    state = statSync(path);
    const hash = createHash('sha256');
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
    seen = hash.digest('hex');
  } catch (cause) {
    const code = /** @type {NodeJS.ErrnoException} */ (cause).code ?? String(cause);
    throw new EngineError(
      'missing',
      expectedGot(`verifying the engine ${path}`, 'the pinned engine', `no readable file (${code})`),
      { cause },
    );
  }
  if (seen !== sha256) {
    throw new EngineError('wrong-hash', expectedGot(`verifying the engine ${path}`, `sha256 ${sha256}`, seen));
  }
  keep(cacheFile, { path, size: state.size, mtimeMs: state.mtimeMs, ino: state.ino, sha256 });
}

/** @param {string} cacheFile @param {VerifiedEngine} verified */
function keep(cacheFile, verified) {
  try {
    mkdirSync(dirname(cacheFile), { recursive: true });
    const beside = `${cacheFile}.${process.pid}`;
    writeFileSync(beside, `${JSON.stringify(verified)}\n`);
    renameSync(beside, cacheFile);
  } catch {
    // Without it the next start hashes again: slower, and as right.
  }
}
