// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from './engine-error.mjs';
import { expectedGot } from './expected-got.mjs';
import { platformKey, platformKeys } from './platform.mjs';

/**
 * @typedef {object} EngineBuild one platform's engine
 * @property {string} wheel platform tag of the wheel `openai-codex-cli-bin` that holds it
 * @property {string} npm the npm package that holds the same file, `name@version`
 * @property {string} npmIntegrity the registry's `dist.integrity` of that package
 * @property {string} binary path inside the package folder, with `/`
 * @property {string} sha256 of the binary, hex
 */

/**
 * @typedef {object} EngineLock the pinned engine, for every platform
 * @property {string} version
 * @property {Partial<Record<import('./platform.mjs').PlatformKey, EngineBuild>>} platforms
 */

const restore = 'Restore the file as committed';

/** @satisfies {Record<keyof EngineBuild, RegExp>} */
const forms = {
  wheel: /^[a-z0-9_]+$/,
  npm: /^@openai\/codex@\S+$/,
  npmIntegrity: /^sha512-[A-Za-z0-9+/]{86}==$/,
  binary: /^bin\/codex(\.exe)?$/,
  sha256: /^[0-9a-f]{64}$/,
};

/**
 * The pinned engine.
 * @param {string} [file] default: `engine.lock.json` beside this module
 * @returns {EngineLock}
 * @throws {EngineError} `lock`: unreadable, or not of this shape
 */
export function readEngineLock(file = join(import.meta.dirname, 'engine.lock.json')) {
  /** @param {string} expected @param {string} got @param {unknown} [cause] */
  const refuse = (expected, got, cause) =>
    new EngineError('lock', expectedGot(`reading the engine's lock ${file}`, expected, got, restore), { cause });
  let value;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw refuse('a readable JSON file', cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (typeof value?.version !== 'string' || !/^\d+\.\d+\.\d+/.test(value.version)) {
    throw refuse('a version such as "0.163.0"', `version ${JSON.stringify(value?.version)}`);
  }
  for (const [key, build] of Object.entries(value.platforms ?? {})) {
    if (!platformKeys.some((known) => known === key))
      throw refuse(`platforms among ${platformKeys.join(', ')}`, `platform "${key}"`);
    for (const [field, form] of Object.entries(forms)) {
      const seen = /** @type {Record<string, unknown>} */ (build)[field];
      if (typeof seen !== 'string' || !form.test(seen))
        throw refuse(`${key}.${field} to match ${form}`, `${JSON.stringify(seen)}`);
    }
  }
  return { version: value.version, platforms: value.platforms ?? {} };
}

/**
 * This platform's build.
 * @param {EngineLock} lock
 * @param {string} [platform]
 * @param {string} [arch]
 * @returns {EngineBuild}
 * @throws {EngineError} `platform`: the lock has none
 */
export function lockedBuild(lock, platform = process.platform, arch = process.arch) {
  const key = platformKey(platform, arch);
  const build = key === undefined ? undefined : lock.platforms[key];
  if (build !== undefined) return build;
  const has = Object.keys(lock.platforms).join(', ');
  throw new EngineError(
    'platform',
    expectedGot('choosing the engine', `one of the locked platforms (${has})`, `${platform}-${arch}`),
  );
}
