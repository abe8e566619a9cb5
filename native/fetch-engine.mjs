// @ts-check
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from './engine-error.mjs';
import { engineVersion, isBuild, lockedBuild, readEngineLock } from './engine-lock.mjs';
import { engineFolder, enginesFolder } from './engines-folder.mjs';
import { expectedGot } from './expected-got.mjs';
import { withLockFile } from './lock-file.mjs';
import { binaryIn, downloadPackage, enginePackage, platformPackage, viewPackage } from './npm-package.mjs';
import { placeEngine, unpackEngine } from './place-engine.mjs';
import { platformKey } from './platform.mjs';
import { readTarball } from './read-tarball.mjs';
import { engineSource, resolveEngine } from './resolve-engine.mjs';
import { verifyEngine } from './verify-engine.mjs';

/**
 * Returns a verified engine from the lock: the one that `resolveEngine()` finds, or one that the user's own npm
 * downloads from its npm package into `.cache/engines/`. Nothing of it is executed. Two processes at the same time
 * download it once. An interrupted or damaged download is ignored, and the next try starts again.
 * @param {string} version
 * @param {object} options
 * @param {string} options.root the repository's folder
 * @param {NodeJS.ProcessEnv} [options.env] default: process.env
 * @param {(line: string) => void} [options.log] progress
 * @param {AbortSignal} [options.signal]
 * @param {import('./engine-lock.mjs').EngineLock} [options.lock] default: the committed one
 * @returns {Promise<import('./resolve-engine.mjs').EngineInstall>}
 * @throws {EngineError} `lock`, `platform`, `npm`, `no-version`, `download` or `wrong-hash`; the signal's reason when
 * aborted
 */
export async function fetchEngine(
  version,
  { root, env = process.env, log = () => {}, signal, lock = readEngineLock() },
) {
  const found = await resolveIfThere({ version, root, env, lock });
  if (found !== undefined) return found;
  const abortable = signal === undefined ? {} : { signal };
  const lockFile = join(enginesFolder(root), `${version}-${platformKey()}.lock`);
  const onWait = (/** @type {number} */ pid) => log(`Waiting for process ${pid}, which brings codex ${version} …`);
  return withLockFile(lockFile, { onWait, ...abortable }, async () => {
    // Checks again: another process may have downloaded it while this one waited.
    const brought = await resolveIfThere({ version, root, env, lock });
    if (brought !== undefined) return brought;
    const build = lockedBuild(lock, version);
    await download(version, build.npm, build.npmIntegrity, { root, env, log, ...abortable }, async () => build);
    return resolveEngine({ version, root, env, lock });
  });
}

/**
 * The same for an engine that is published and not locked: npm's integrity vouches for what is downloaded, and what it was is kept beside it, so that the
 * next call verifies the same file. The lock stays as it is.
 * @param {string} version
 * @param {Parameters<typeof fetchEngine>[1]} options
 * @returns {Promise<import('./resolve-engine.mjs').EngineInstall>}
 * @throws {EngineError} as `fetchEngine()`
 */
export async function fetchPublishedEngine(version, options) {
  const { root, env = process.env, log = () => {}, signal, lock = readEngineLock() } = options;
  if (Object.hasOwn(lock.engines, version)) return fetchEngine(version, options);
  const key = platformKey();
  if (!engineVersion.test(version) || key === undefined) {
    const got = key === undefined ? `${process.platform}-${process.arch}` : JSON.stringify(version);
    const expected = key === undefined ? 'a platform that has engines' : 'a version such as 0.171.0';
    throw new EngineError(key === undefined ? 'platform' : 'lock', expectedGot('choosing the engine', expected, got));
  }
  const kept = join(enginesFolder(root), version, `${key}.build.json`);
  const abortable = signal === undefined ? {} : { signal };
  const build = readBuild(kept) ?? (await downloadUnlocked(version, key, kept, { root, env, log, ...abortable }));
  const engines = { ...lock.engines, [version]: { [key]: build } };
  return fetchEngine(version, { ...options, lock: { ...lock, engines } });
}

/** @param {string} file @returns {import('./engine-lock.mjs').EngineBuild | undefined} */
function readBuild(file) {
  try {
    const build = JSON.parse(readFileSync(file, 'utf8'));
    return isBuild(build) ? build : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} version
 * @param {import('./platform.mjs').PlatformKey} key
 * @param {string} kept
 * @param {import('./npm-package.mjs').NpmContext & { log: (line: string) => void }} context
 */
async function downloadUnlocked(version, key, kept, { log, ...context }) {
  const { optionalDependencies } = await viewPackage(`${enginePackage}@${version}`, context);
  const npm = platformPackage(version, key, optionalDependencies);
  const { integrity: npmIntegrity } = await viewPackage(npm, context);
  const abortable = context.signal === undefined ? {} : { signal: context.signal };
  const onWait = (/** @type {number} */ pid) => log(`Waiting for process ${pid}, which brings codex ${version} …`);
  return withLockFile(
    join(enginesFolder(context.root), `${version}-${key}.lock`),
    { onWait, ...abortable },
    async () => {
      const brought = readBuild(kept);
      if (brought !== undefined) return brought;
      const build = await download(version, npm, npmIntegrity, { log, ...context }, async (tarball) => {
        for await (const { path, body } of readTarball(tarball)) {
          const found = binaryIn(path);
          if (found === undefined) continue;
          const hash = createHash('sha256');
          for await (const part of body) hash.update(part);
          return { npm, npmIntegrity, ...found, sha256: hash.digest('hex') };
        }
        throw new EngineError(
          'download',
          expectedGot(`reading ${npm}`, 'vendor/TARGET/bin/codex', 'no such file in it'),
        );
      });
      writeFileSync(`${kept}.${process.pid}`, `${JSON.stringify(build)}\n`);
      renameSync(`${kept}.${process.pid}`, kept);
      return build;
    },
  );
}

/**
 * Undefined if it must be downloaded: it does not exist, or the cached one is damaged. @param
 * {import('./resolve-engine.mjs').ResolveOptions} options
 */
async function resolveIfThere(options) {
  try {
    return await resolveEngine(options);
  } catch (error) {
    const bring = error instanceof EngineError && (error.kind === 'missing' || error.kind === 'wrong-hash');
    if (!bring || engineSource(options) !== 'cache') throw error;
    return undefined;
  }
}

/**
 * @param {string} version
 * @param {string} npm
 * @param {string} npmIntegrity
 * @param {import('./npm-package.mjs').NpmContext & { log: (line: string) => void }} context
 * @param {(tarball: string) => Promise<import('./engine-lock.mjs').EngineBuild>} buildOf what it must hold
 */
function download(version, npm, npmIntegrity, { log, ...context }, buildOf) {
  return placeEngine(engineFolder(context.root, version), version, context.signal, async (partial, unpacked) => {
    log(`Downloading codex ${version} (${npm}, about 170 MB) …`);
    const tarball = await downloadPackage(npm, npmIntegrity, join(partial, 'download'), context);
    const build = await buildOf(tarball);
    await unpackEngine(tarball, `package/vendor/${build.target}/`, unpacked, context.signal);
    log(`Verifying codex ${version} (sha256) …`);
    await verifyEngine(join(unpacked, ...build.binary.split('/')), build.sha256, undefined);
    return build;
  });
}
