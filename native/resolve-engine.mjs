// @ts-check
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { EngineError } from './engine-error.mjs';
import { lockedBuild, readEngineLock } from './engine-lock.mjs';
import { expectedGot } from './expected-got.mjs';
import { venvEnginePackage } from './venv.mjs';
import { cachedHash, verifyEngine } from './verify-engine.mjs';

/**
 * @typedef {object} EngineInstall an engine that is there and proven to be the pinned one
 * @property {string} path absolute path of the binary
 * @property {string} version "0.163.0"
 * @property {string} sha256 of the binary, hex
 * @property {string | null} packageDir the folder that holds it as published (`codex-package.json`), null for a binary alone
 * @property {string | null} pathDir the folder of bundled tools that the Python SDK puts on PATH, null where there is none
 */

/**
 * @typedef {object} ResolveOptions options of `resolveEngine()`
 * @property {string} [root] the repository's folder; default: the one this module is in
 * @property {NodeJS.ProcessEnv} [env] default: process.env; `TWINPROOF_ENGINE` names a binary to use instead of the installed one
 * @property {boolean} [fresh] reads the whole binary even when an earlier run has verified it
 */

/**
 * Finds the engine (the virtual environment's, or `TWINPROOF_ENGINE`) and verifies it against `engine.lock.json`.
 * Answers to Python's `codex_cli_bin.bundled_codex_path()` and `bundled_path_dir()`.
 * @param {ResolveOptions} [options]
 * @returns {Promise<EngineInstall>}
 * @throws {EngineError} `platform`, `missing` or `wrong-hash`; never another engine in its place
 */
export async function resolveEngine(options = {}) {
  const found = locateEngine(options);
  await verifyEngine(found.path, found.sha256, cacheFileOf(options), { fresh: options.fresh === true });
  return found;
}

/**
 * The same without reading the binary: undefined unless an earlier run has verified it.
 * @param {ResolveOptions} [options]
 * @returns {EngineInstall | undefined}
 */
export function verifiedEngine(options = {}) {
  try {
    const found = locateEngine(options);
    return cachedHash(found.path, cacheFileOf(options)) === found.sha256 ? found : undefined;
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

/** @param {ResolveOptions} options @returns {EngineInstall} */
function locateEngine(options) {
  const lock = readEngineLock();
  const build = lockedBuild(lock);
  const named = (options.env ?? process.env).TWINPROOF_ENGINE;
  const path = named ? resolve(named) : installedPath(rootOf(options), build.binary);
  if (path === undefined || !existsSync(path)) {
    const got = named ? `no file at ${path} (TWINPROOF_ENGINE)` : 'a Python environment (.venv) without codex_cli_bin';
    throw new EngineError('missing', expectedGot('looking for the engine', `codex ${lock.version}`, got));
  }
  const parent = dirname(dirname(path));
  const packageDir = existsSync(join(parent, 'codex-package.json')) ? parent : null;
  const tools = packageDir === null ? null : join(packageDir, 'codex-path');
  const pathDir = tools !== null && existsSync(tools) ? tools : null;
  return { path, version: lock.version, sha256: build.sha256, packageDir, pathDir };
}

/** @param {string} root @param {string} binary */
function installedPath(root, binary) {
  const folder = venvEnginePackage(root);
  return folder === undefined ? undefined : join(folder, ...binary.split('/'));
}

/** @param {ResolveOptions} options */
const rootOf = (options) => options.root ?? dirname(import.meta.dirname);
/** @param {ResolveOptions} options */
const cacheFileOf = (options) => join(rootOf(options), '.cache', 'engine.json');
