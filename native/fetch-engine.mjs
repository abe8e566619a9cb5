// @ts-check
import { createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EngineError } from './engine-error.mjs';
import { lockedBuild, readEngineLock } from './engine-lock.mjs';
import { engineFolder, enginesFolder } from './engines-folder.mjs';
import { expectedGot } from './expected-got.mjs';
import { withLockFile } from './lock-file.mjs';
import { downloadPackage } from './npm-package.mjs';
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
    await download(version, lockedBuild(lock, version), { root, env, log, ...abortable });
    return resolveEngine({ version, root, env, lock });
  });
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
 * @param {import('./engine-lock.mjs').EngineBuild} build
 * @param {import('./npm-package.mjs').NpmContext & { log: (line: string) => void }} context
 */
async function download(version, build, { log, ...context }) {
  const folder = engineFolder(context.root, version);
  const partial = `${folder}.partial`;
  // An interrupted process may have left it: the lock file says that nobody is writing it now.
  rmSync(partial, { recursive: true, force: true });
  try {
    log(`Downloading codex ${version} (${build.npm}, about 170 MB) …`);
    const tarball = await downloadPackage(build.npm, build.npmIntegrity, join(partial, 'download'), context);
    const unpacked = join(partial, 'package');
    await unpack(tarball, `package/vendor/${build.target}/`, unpacked, context.signal);
    log(`Verifying codex ${version} (sha256) …`);
    await verifyEngine(join(unpacked, ...build.binary.split('/')), build.sha256, undefined);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unpacked, folder);
  } catch (error) {
    context.signal?.throwIfAborted();
    throw asEngineError(version, error);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/**
 * @param {string} tarball
 * @param {string} prefix what is left out before it is not written
 * @param {string} folder
 * @param {AbortSignal | undefined} signal
 */
async function unpack(tarball, prefix, folder, signal) {
  for await (const { path, executable, body } of readTarball(tarball)) {
    signal?.throwIfAborted();
    if (!path.startsWith(prefix)) continue;
    const file = join(folder, ...path.slice(prefix.length).split('/'));
    mkdirSync(dirname(file), { recursive: true });
    await pipeline(body, createWriteStream(file, { flags: 'wx', mode: executable ? 0o755 : 0o644 }));
  }
}

/** @param {string} version @param {unknown} error */
function asEngineError(version, error) {
  if (error instanceof EngineError) return error;
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const expected = full ? 'about 1 GB of free disk space' : 'a whole package and a folder that can be written';
  return new EngineError('download', expectedGot(`bringing codex ${version}`, expected, code ?? message), {
    cause: error,
  });
}
