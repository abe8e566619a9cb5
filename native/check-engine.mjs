// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EngineError } from './engine-error.mjs';
import { readEngineLock } from './engine-lock.mjs';
import { expectedGot } from './expected-got.mjs';
import { platformKey } from './platform.mjs';
import { userEnginesFolder } from './user-cache.mjs';
import { hashEngine } from './verify-engine.mjs';

/**
 * @typedef {'warn' | 'strict' | 'off'} EngineCheck how an engine is checked before it is used. `warn`: a version that the package is not proven on is
 * warned of; `strict`: its hash too must be a known one; `off`: neither
 */

/** Beside an engine that was brought and is not in the lock, or was built: what it was then. */
export const originFile = 'twinproof-engine.json';

/**
 * What is known of an engine whose hash is known.
 * @typedef {object} KnownEngine
 * @property {string} sha256 of the binary, hex
 * @property {string} version as in "0.171.0"
 * @property {'locked' | 'recorded'} by by the lock, or by what was noted when it was brought or built
 */

/**
 * Checks that a file is an engine of the lock, or one that `twinproof install` or `twinproof build` has put there and that has not changed since. The
 * file is read once for each of its states (size, times, inode).
 * @param {string} path absolute path of the binary
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env] default: process.env
 * @param {boolean} [options.fresh] reads the file even when its state is known
 * @param {import('./engine-lock.mjs').EngineLock} [options.lock] default: the committed one
 * @param {(done: number, total: number) => void} [options.onProgress] in bytes
 * @returns {Promise<KnownEngine>}
 * @throws {EngineError} `missing`, `wrong-hash` or `lock`
 */
export async function checkEngine(
  path,
  { env = process.env, fresh = false, lock = readEngineLock(), onProgress } = {},
) {
  const stateFile = join(userEnginesFolder({ env }), '..', 'verified', `${digest(path)}.json`);
  const sha256 = await hashEngine(path, stateFile, { fresh, ...(onProgress && { onProgress }) });
  const known = lockedVersion(sha256, lock) ?? recorded(path, sha256);
  if (known !== undefined) return known;
  const window = Object.keys(lock.engines);
  throw new EngineError(
    'wrong-hash',
    expectedGot(
      `verifying the engine ${path}`,
      `the published codex of ${window[0]} to ${window.at(-1)} for ${platformKey() ?? process.platform}, or one that twinproof has brought`,
      `another file (sha256 ${sha256})`,
      'Run `npx twinproof install`',
    ),
  );
}

/**
 * @param {string} sha256
 * @param {import('./engine-lock.mjs').EngineLock} lock
 * @returns {KnownEngine | undefined}
 */
function lockedVersion(sha256, lock) {
  const key = platformKey();
  const found = Object.entries(lock.engines).find(([, builds]) => key && builds[key]?.sha256 === sha256);
  return found && { sha256, version: found[0], by: 'locked' };
}

/** @param {string} path @param {string} sha256 @returns {KnownEngine | undefined} */
function recorded(path, sha256) {
  const origin = readOrigin(dirname(dirname(path)));
  return origin?.sha256 === sha256 ? { sha256, version: origin.version, by: 'recorded' } : undefined;
}

/**
 * How an engine came to be where it is.
 * @typedef {object} EngineOrigin
 * @property {string} version
 * @property {string} sha256 of the binary, hex
 * @property {string} from the npm package, the archive's address, or the commit
 */

/** @param {string} folder @returns {EngineOrigin | undefined} undefined if nothing was noted */
export function readOrigin(folder) {
  const file = join(folder, originFile);
  if (!existsSync(file)) return undefined;
  try {
    const { version, sha256, from } = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof version === 'string' && /^[0-9a-f]{64}$/.test(sha256)) return { version, sha256, from: String(from) };
  } catch {
    // Damaged: as if nothing had been noted.
  }
  return undefined;
}

/** @param {string} path */
const digest = (path) => createHash('sha256').update(path).digest('hex').slice(0, 32);
