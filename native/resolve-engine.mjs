// @ts-check
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { EngineError } from './engine-error.mjs';
import { lockedBuild, readEngineLock } from './engine-lock.mjs';
import { engineFolder, enginesFolder } from './engines-folder.mjs';
import { expectedGot } from './expected-got.mjs';
import { packageRoot } from './package-root.mjs';
import { platformKey } from './platform.mjs';
import { venvEnginePackage } from './venv.mjs';
import { cachedHash, verifyEngine } from './verify-engine.mjs';

/**
 * @typedef {object} EngineInstall an engine that is there and proven to be the locked one
 * @property {string} path absolute path of the binary
 * @property {string} version "0.163.0"
 * @property {string} sha256 of the binary, hex
 * @property {string | null} packageDir the folder that holds it as published (`codex-package.json`), null for a binary alone
 * @property {string | null} pathDir the folder of bundled tools that the Python SDK puts on PATH, null where there is none
 */

/**
 * @typedef {object} ResolveOptions options of `resolveEngine()`
 * @property {string} [version] one of the lock's; default: the pin
 * @property {string} [root] the repository's folder; default: the one this module is in
 * @property {import('./engine-lock.mjs').EngineLock} [lock] default: the committed one
 * @property {NodeJS.ProcessEnv} [env] default: process.env; `TWINPROOF_ENGINE` names a binary to use as the pin
 * @property {boolean} [fresh] reads the whole binary even when an earlier run has verified it
 */

/**
 * Finds an engine and verifies it against `engine.lock.json`. `TWINPROOF_ENGINE` may name the pin; the official pair's
 * engine comes with the Python environment; all others are in the cache of `fetchEngine()`. Corresponds to Python's
 * `codex_cli_bin.bundled_codex_path()` and `bundled_path_dir()`.
 * @param {ResolveOptions} [options]
 * @returns {Promise<EngineInstall>}
 * @throws {EngineError} `lock`, `platform`, `missing` or `wrong-hash`; never returns another engine instead
 */
export async function resolveEngine(options = {}) {
  const { cacheFile, source: _, ...found } = locateEngine(options);
  await verifyEngine(found.path, found.sha256, cacheFile, { fresh: options.fresh === true });
  return found;
}

/**
 * The same without reading the binary: undefined unless an earlier run has verified it.
 * @param {ResolveOptions} [options]
 * @returns {EngineInstall | undefined}
 */
export function verifiedEngine(options = {}) {
  try {
    const { cacheFile, source: _, ...found } = locateEngine(options);
    return cachedHash(found.path, cacheFile) === found.sha256 ? found : undefined;
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

/**
 * Where an engine comes from: named by `TWINPROOF_ENGINE`, the wheel in the Python environment, or the cache.
 * @param {ResolveOptions} [options]
 * @returns {'named' | 'wheel' | 'cache'}
 */
export function engineSource(options = {}) {
  const lock = options.lock ?? readEngineLock();
  const version = options.version ?? lock.pin;
  if (version === lock.pin && (options.env ?? process.env).TWINPROOF_ENGINE) return 'named';
  return version === lock.officialPair && venvEnginePackage(rootOf(options)) !== undefined ? 'wheel' : 'cache';
}

/** @param {ResolveOptions} options */
const rootOf = (options) => options.root ?? packageRoot();

/**
 * The same without verifying it.
 * @param {ResolveOptions} [options]
 * @returns {EngineInstall & { cacheFile: string, source: 'named' | 'wheel' | 'cache' }}
 * @throws {EngineError} `lock`, `platform` or `missing`
 */
export function locateEngine(options = {}) {
  const lock = options.lock ?? readEngineLock();
  const version = options.version ?? lock.pin;
  const build = lockedBuild(lock, version);
  const root = rootOf(options);
  const source = engineSource(options);
  const named = source === 'named' ? (options.env ?? process.env).TWINPROOF_ENGINE : undefined;
  const wheel = source === 'wheel' ? venvEnginePackage(root) : undefined;
  const inFolder = (/** @type {string} */ folder) => join(folder, ...build.binary.split('/'));
  const path = named ? resolve(named) : inFolder(wheel ?? engineFolder(root, version));
  if (!existsSync(path)) {
    const where = version === lock.officialPair ? 'a Python environment (.venv) without codex_cli_bin' : `no ${path}`;
    const got = named ? `no file at ${path} (TWINPROOF_ENGINE)` : where;
    throw new EngineError('missing', expectedGot('looking for the engine', `codex ${version}`, got));
  }
  const parent = dirname(dirname(path));
  const packageDir = existsSync(join(parent, 'codex-package.json')) ? parent : null;
  const tools = packageDir === null ? null : join(packageDir, 'codex-path');
  const pathDir = tools !== null && existsSync(tools) ? tools : null;
  // One file for each engine; otherwise two engines in turn would be hashed at every start.
  const cacheFile =
    version === lock.pin
      ? join(root, '.cache', 'engine.json')
      : join(enginesFolder(root), version, `${platformKey()}.json`);
  return { path, version, sha256: build.sha256, packageDir, pathDir, cacheFile, source };
}
