// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from './engine-error.mjs';
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
  /** @param {string} seen @param {string} wanted @param {unknown} [cause] */
  const refuse = (seen, wanted, cause) =>
    new EngineError('lock', `Reading the engine's lock ${file}: ${seen}; wanted: ${wanted}.`, { cause });
  let value;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), 'a readable JSON file', cause);
  }
  if (typeof value?.version !== 'string' || !/^\d+\.\d+\.\d+/.test(value.version)) {
    throw refuse(`version ${JSON.stringify(value?.version)}`, 'a version such as "0.163.0"');
  }
  for (const [key, build] of Object.entries(value.platforms ?? {})) {
    if (!platformKeys.some((known) => known === key)) throw refuse(`platform "${key}"`, platformKeys.join(', '));
    for (const [field, form] of Object.entries(forms)) {
      const seen = /** @type {Record<string, unknown>} */ (build)[field];
      if (typeof seen !== 'string' || !form.test(seen))
        throw refuse(`${key}.${field} ${JSON.stringify(seen)}`, `${form}`);
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
    `Choosing the engine: this is ${platform}-${arch}; wanted: one of the locked platforms (${has}).`,
  );
}
