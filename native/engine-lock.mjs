// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from './engine-error.mjs';
import { expectedGot } from './expected-got.mjs';
import { installedPackage } from './installed-package.mjs';
import { packageRoot } from './package-root.mjs';
import { platformKey, platformKeys } from './platform.mjs';

/**
 * @typedef {object} EngineBuild one platform's engine
 * @property {string} npm the npm package that holds it, `name@version`
 * @property {string} npmIntegrity the registry's `dist.integrity` of that package
 * @property {string} target the platform in Rust's words; the engine's folder in the package is `vendor/<target>`
 * @property {string} binary path inside that folder, with `/`
 * @property {string} sha256 of the binary, hex
 */

/** @typedef {Partial<Record<import('./platform.mjs').PlatformKey, EngineBuild>>} EngineBuilds one engine, by platform */

/**
 * @typedef {object} EngineLock every engine that parity is proven on
 * @property {string} pin the version that goldens, contract and default stand for
 * @property {string} officialPair the version of both official SDKs; the Python environment brings its binary
 * @property {Record<string, EngineBuilds>} engines the window, by version, the oldest first
 * @property {Partial<Record<string, EngineIdentity>>} [identities] what an engine of a version is apart from its builds
 */

/**
 * @typedef {object} EngineIdentity what all builds of one engine have in common
 * @property {string | null} commit of its source, null where nobody has proven one
 * @property {string} contract digest of the committed contract (`readContractDigest()`), hex
 */

/** @satisfies {Record<keyof EngineBuild, RegExp>} */
const forms = {
  npm: /^@openai\/codex@\S+$/,
  npmIntegrity: /^sha512-[A-Za-z0-9+/]{86}==$/,
  target: /^[a-z0-9_]+-[a-z0-9_-]+$/,
  binary: /^bin\/codex(\.exe)?$/,
  sha256: /^[0-9a-f]{64}$/,
};

const isIdentity = (/** @type {unknown} */ value) => {
  const { commit, contract } = /** @type {Partial<Record<string, unknown>>} */ (value ?? {});
  const isCommit = commit === null || (typeof commit === 'string' && /^[0-9a-f]{40}$/.test(commit));
  return isCommit && typeof contract === 'string' && forms.sha256.test(contract);
};

/**
 * Whether it has the form of a build in the lock.
 * @param {unknown} value
 * @returns {value is EngineBuild}
 */
export const isBuild = (value) =>
  Object.entries(forms).every(([field, form]) => {
    const got = /** @type {Record<string, unknown> | null} */ (value)?.[field];
    return typeof got === 'string' && form.test(got);
  });

/** What an engine version looks like: not a word such as `latest`, and not a range. */
export const engineVersion = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

const lockPath = ['native', 'engine.lock.json'];

/** The lock. A bundler leaves it behind: a program in one file takes that of the package that is installed with it. */
export function engineLockFile() {
  const own = join(packageRoot(), ...lockPath);
  const installed = existsSync(own) ? undefined : installedPackage('twinproof');
  return installed === undefined ? own : join(installed, ...lockPath);
}

/**
 * The engines of the window, and which of them is the pin.
 * @param {string} [file] default: `native/engine.lock.json`
 * @returns {EngineLock}
 * @throws {EngineError} `lock`: unreadable, or not of this shape
 */
export function readEngineLock(file = engineLockFile()) {
  /** @param {string} expected @param {string} got @param {unknown} [cause] */
  const refuse = (expected, got, cause) => {
    const doing = `reading the engine's lock ${file}`;
    return new EngineError('lock', expectedGot(doing, expected, got, 'Restore the file as committed'), { cause });
  };
  let value;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    if (/** @type {NodeJS.ErrnoException} */ (cause).code === 'ENOENT') {
      const doing = `reading the engine's lock ${file}`;
      const advice =
        'Keep the package twinproof installed beside a program in one file, or set engineCheck to "warn"; in the repository, restore the file';
      throw new EngineError('lock', expectedGot(doing, 'the file of the package twinproof', 'no such file', advice), {
        cause,
      });
    }
    throw refuse('a readable JSON file', cause instanceof Error ? cause.message : String(cause), cause);
  }
  const engines = value?.engines ?? {};
  for (const role of /** @type {const} */ (['pin', 'officialPair'])) {
    if (typeof value?.[role] !== 'string' || engines[value[role]] === undefined)
      throw refuse(`"${role}" to be one of its engines`, JSON.stringify(value?.[role]) ?? 'nothing');
  }
  for (const [version, builds] of Object.entries(engines)) {
    if (!engineVersion.test(version)) throw refuse('versions such as "0.163.0"', JSON.stringify(version));
    for (const [key, build] of Object.entries(builds ?? {})) {
      if (!platformKeys.some((known) => known === key))
        throw refuse(`platforms among ${platformKeys.join(', ')}`, `platform "${key}" of ${version}`);
      for (const [field, form] of Object.entries(forms)) {
        const got = /** @type {Record<string, unknown> | null} */ (build)?.[field];
        if (typeof got !== 'string' || !form.test(got))
          throw refuse(`${version} ${key}.${field} to match ${form}`, JSON.stringify(got) ?? 'nothing');
      }
    }
  }
  for (const [version, identity] of Object.entries(value.identities ?? {})) {
    if (!isIdentity(identity))
      throw refuse(`a commit or null, and a contract, of ${version}`, JSON.stringify(identity));
  }
  return {
    pin: value.pin,
    officialPair: value.officialPair,
    engines,
    ...(value.identities && { identities: value.identities }),
  };
}

/**
 * The build of one engine for this platform.
 * @param {EngineLock} lock
 * @param {string} [version] default: the pin
 * @param {string} [platform]
 * @param {string} [arch]
 * @returns {EngineBuild}
 * @throws {EngineError} `lock`: no such engine; `platform`: not available for this platform
 */
export function lockedBuild(lock, version = lock.pin, platform = process.platform, arch = process.arch) {
  const builds = Object.hasOwn(lock.engines, version) ? lock.engines[version] : undefined;
  if (builds === undefined) {
    const has = Object.keys(lock.engines).join(', ');
    const advice = `Add it with "npm run pin -- ${version}"`;
    throw new EngineError('lock', expectedGot('choosing the engine', `a locked version (${has})`, version, advice));
  }
  const key = platformKey(platform, arch);
  const build = key === undefined ? undefined : builds[key];
  if (build !== undefined) return build;
  const has = Object.keys(builds).join(', ');
  throw new EngineError(
    'platform',
    expectedGot('choosing the engine', `one of the locked platforms (${has})`, `${platform}-${arch}`),
  );
}
