// @ts-check
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { checkEngine, originFile, readOrigin } from './check-engine.mjs';
import { downloadFile } from './download-file.mjs';
import { extractEngine, namesInArchive } from './engine-archive.mjs';
import { EngineError } from './engine-error.mjs';
import { engineFile, engineTarget, metadataFile } from './engine-layout.mjs';
import { engineVersion, readEngineLock } from './engine-lock.mjs';
import { expectedGot } from './expected-got.mjs';
import { withLockFile } from './lock-file.mjs';
import { binaryIn, downloadPackage, enginePackage, platformPackage, viewPackage } from './npm-package.mjs';
import { asEngineError, placeEngine, unpackEngine } from './place-engine.mjs';
import { platformKey } from './platform.mjs';
import { readTarball } from './read-tarball.mjs';
import { userEnginesFolder } from './user-cache.mjs';
import { hashEngine } from './verify-engine.mjs';

/**
 * What is installed, from where, and where to.
 * @typedef {object} InstallOptions options of `installEngine()`
 * @property {string} [version] default: the pin; of an archive, what it says of itself
 * @property {{ url: string, sha256: string }} [archive] a `.tar.gz` of a release in place of the npm package: `http:`, `https:` or `file:`, and its SHA-256
 * @property {boolean} [offline] nothing is asked of the network: what is there is taken, else what npm has in its cache
 * @property {string} [folder] where engines are kept; default: this user's
 * @property {string} [cwd] where npm is run, so that its settings are the user's; default: the working directory
 * @property {NodeJS.ProcessEnv} [env] default: process.env
 * @property {(line: string) => void} [log] called with each line of what it is doing; default: nothing is said
 * @property {(step: InstallStep) => void} [onProgress] called often; default: nothing is told
 * @property {AbortSignal} [signal] stops it; nothing of it is left
 * @property {import('./engine-lock.mjs').EngineLock} [lock] default: the committed one
 */

/**
 * How far an installation is.
 * @typedef {object} InstallStep
 * @property {'download' | 'unpack' | 'verify'} step what it does
 * @property {number} done bytes
 * @property {number | undefined} total bytes; undefined where nobody says it
 */

/**
 * An engine that is there now.
 * @typedef {object} Installed
 * @property {string} path absolute path of the engine
 * @property {string} version as in "0.171.0"
 * @property {string} sha256 of the engine, hex
 * @property {string} from the npm package, or the address of the archive
 * @property {boolean} installed false if it was there
 */

/**
 * Installs an engine for this user: from the npm registry, by the user's own npm, or from an archive whose hash you know. It is checked before
 * anything of it is executed, and appears whole or not at all. A version of the lock must be the locked file; of any other, npm's integrity vouches. Two
 * processes at the same time install it once.
 * @param {InstallOptions} [options]
 * @returns {Promise<Installed>}
 * @throws {EngineError} what was there before is unchanged; the signal's reason when aborted
 */
export async function installEngine(options = {}) {
  const { env = process.env, lock = readEngineLock(), log = () => {}, signal, archive } = options;
  const folder = options.folder ?? userEnginesFolder({ env });
  const key = platformKey();
  if (key === undefined) {
    const expected = 'a platform that engines are published for';
    throw new EngineError('platform', expectedGot('installing codex', expected, `${process.platform}-${process.arch}`));
  }
  const version = options.version ?? (archive ? undefined : lock.pin);
  if (version !== undefined && !engineVersion.test(version))
    throw new EngineError('no-version', expectedGot('installing codex', `a version such as ${lock.pin}`, version));
  const onWait = (/** @type {number} */ pid) => log(`Waiting for process ${pid}, which installs an engine …`);
  /** @type {Context} */
  const context = { ...options, env, lock, log, folder, key };
  try {
    // A folder that can only be read has no place for a lock file, and may have the engine.
    const there = version === undefined ? undefined : await present(version, context, suits(archive));
    if (there !== undefined) return there;
    return await withLockFile(join(folder, 'install.lock'), { onWait, ...(signal && { signal }) }, () =>
      archive ? fromArchive(archive, version, context) : fromRegistry(version ?? lock.pin, context),
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw asEngineError(version ?? 'of an archive', error);
  }
}

/** @typedef {InstallOptions & { env: NodeJS.ProcessEnv, lock: import('./engine-lock.mjs').EngineLock, log: (line: string) => void, folder: string, key: import('./platform.mjs').PlatformKey }} Context */

/** @param {Context} context @param {string} version */
const placeOf = ({ folder, key }, version) => join(folder, version, key);

/** @param {InstallOptions['archive']} archive */
const fromOf = (archive) => archive && `${archive.url} (sha256 ${archive.sha256.toLowerCase()})`;

/**
 * Whether an engine comes from where it is to come from.
 * @param {InstallOptions['archive']} archive
 * @returns {(origin: { from: string }) => boolean}
 */
const suits =
  (archive) =>
  ({ from }) =>
    archive ? from === fromOf(archive) : from.startsWith(enginePackage);

/**
 * What is there, if it is still what was installed.
 * @param {string} version
 * @param {Context} context
 * @param {(origin: { from: string }) => boolean} isWanted
 * @returns {Promise<Installed | undefined>}
 */
async function present(version, context, isWanted) {
  const { env, lock, key } = context;
  const place = placeOf(context, version);
  const path = join(place, 'bin', engineFile(process.platform));
  const origin = readOrigin(place);
  if (!existsSync(path) || origin === undefined || !isWanted(origin)) return undefined;
  try {
    const { sha256 } = await checkEngine(path, { env, lock, ...progressOf(context) });
    const locked = lock.engines[version]?.[key]?.sha256;
    const isOurs =
      sha256 === origin.sha256 && (locked === undefined || locked === sha256 || !origin.from.startsWith(enginePackage));
    return isOurs ? { path, version, sha256, from: origin.from, installed: false } : undefined;
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

/** @param {Context} context */
const progressOf = ({ onProgress }) =>
  onProgress === undefined
    ? {}
    : {
        onProgress: (/** @type {number} */ done, /** @type {number} */ total) =>
          onProgress({ step: 'verify', done, total }),
      };

/** @param {string} version @param {Context} context @returns {Promise<Installed>} */
async function fromRegistry(version, context) {
  const found = await present(version, context, suits(undefined));
  if (found !== undefined) return found;
  const { lock, key, signal, onProgress, log, folder } = context;
  const npm = {
    root: context.cwd ?? process.cwd(),
    env: context.env,
    logs: join(folder, 'logs'),
    offline: context.offline === true,
    ...(signal && { signal }),
    ...(onProgress && {
      onBytes: (/** @type {number} */ done) => onProgress({ step: 'download', done, total: undefined }),
    }),
  };
  const build = Object.hasOwn(lock.engines, version) ? lock.engines[version]?.[key] : undefined;
  const { spec, integrity } = build
    ? { spec: build.npm, integrity: build.npmIntegrity }
    : await published(version, key, npm);
  const place = placeOf(context, version);
  const sha256 = await placeEngine(place, version, signal, async (partial, unpacked) => {
    log(`Downloading codex ${version} (${spec}, about 170 MB) …`);
    const tarball = await downloadPackage(spec, integrity, join(partial, 'download'), npm);
    const target = build?.target ?? (await targetIn(tarball, spec));
    log(`Unpacking codex ${version} …`);
    await unpackEngine(tarball, `package/vendor/${target}/`, unpacked, signal, unpackProgress(tarball, context));
    return await finish(unpacked, { version, from: spec, expected: build?.sha256 }, context);
  });
  return { path: join(place, 'bin', engineFile(process.platform)), version, sha256, from: spec, installed: true };
}

/**
 * @param {string} version @param {import('./platform.mjs').PlatformKey} key
 * @param {import('./npm-package.mjs').NpmContext} npm
 */
async function published(version, key, npm) {
  const { optionalDependencies } = await viewPackage(`${enginePackage}@${version}`, npm);
  const spec = platformPackage(version, key, optionalDependencies);
  const { integrity } = await viewPackage(spec, npm);
  return { spec, integrity };
}

/** @param {string} tarball @param {string} spec */
async function targetIn(tarball, spec) {
  for await (const { path } of readTarball(tarball)) {
    const found = binaryIn(path);
    if (found !== undefined) return found.target;
  }
  throw new EngineError('download', expectedGot(`reading ${spec}`, 'vendor/TARGET/bin/codex', 'no such file in it'));
}

/** @param {string} tarball @param {Context} context */
function unpackProgress(tarball, { onProgress }) {
  if (onProgress === undefined) return undefined;
  const total = statSync(tarball).size;
  return (/** @type {number} */ done) => onProgress({ step: 'unpack', done, total });
}

/**
 * Hashes the unpacked engine, and notes what it was.
 * @param {string} unpacked
 * @param {{ version: string, from: string, expected: string | undefined }} what
 * @param {Context} context
 */
async function finish(unpacked, { version, from, expected }, context) {
  const binary = join(unpacked, 'bin', engineFile(process.platform));
  context.log(`Verifying codex ${version} (sha256) …`);
  const sha256 = await hashEngine(binary, undefined, progressOf(context));
  if (expected !== undefined && sha256 !== expected)
    throw new EngineError('wrong-hash', expectedGot(`verifying codex ${version}`, `sha256 ${expected}`, sha256));
  refuseOtherPlatform(binary, version);
  writeFileSync(join(unpacked, originFile), `${JSON.stringify({ version, sha256, from }, null, 2)}\n`);
  return sha256;
}

/**
 * @param {{ url: string, sha256: string }} archive
 * @param {string | undefined} given
 * @param {Context} context
 * @returns {Promise<Installed>}
 */
async function fromArchive(archive, given, context) {
  const { url, sha256: sum } = archive;
  const expected = sum.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(expected))
    throw new EngineError('wrong-hash', expectedGot(`installing ${url}`, 'a sha256 of 64 hexadecimal digits', sum));
  const from = fromOf(archive) ?? url;
  if (given !== undefined) {
    const found = await present(given, context, suits(archive));
    if (found !== undefined) return found;
  }
  const { signal, onProgress, log, folder, offline } = context;
  if (offline === true && !url.startsWith('file:'))
    throw new EngineError('download', expectedGot(`installing ${url}`, 'a file, as --offline asks for', 'an address'));
  /** @type {{ version: string, sha256: string } | undefined} */
  let made;
  // The version is known once it is unpacked; both places are on one file system.
  const beside = join(folder, 'archive');
  await placeEngine(beside, given ?? 'of an archive', signal, async (partial, unpacked) => {
    const file = join(partial, 'archive.tar.gz');
    log(`Downloading ${url} …`);
    const seen = await downloadFile(url, file, {
      signal,
      onProgress: onProgress && ((done, total) => onProgress({ step: 'download', done, total })),
    }).catch((cause) => {
      if (/** @type {NodeJS.ErrnoException | undefined} */ (cause.cause)?.code === 'ENOSPC') throw cause.cause;
      throw new EngineError('download', expectedGot(`downloading ${url}`, 'a whole archive', cause.message), { cause });
    });
    if (seen !== expected)
      throw new EngineError('wrong-hash', expectedGot(`downloading ${url}`, `sha256 ${expected}`, seen));
    const version = await unpackArchive(file, unpacked, url, given, context);
    made = { version, sha256: await finish(unpacked, { version, from, expected: undefined }, context) };
  });
  if (made === undefined) throw new TypeError('an archive without an engine was placed');
  const { version, sha256 } = made;
  await placeEngine(placeOf(context, version), version, signal, async (_, unpacked) =>
    renameSync(beside, unpacked),
  ).finally(() => rmSync(beside, { recursive: true, force: true }));
  const path = join(placeOf(context, version), 'bin', engineFile(process.platform));
  return { path, version, sha256, from, installed: true };
}

/**
 * An archive of a release is a package of the engine with its tools, or the engine alone.
 * @param {string} file @param {string} unpacked @param {string} url @param {string | undefined} given
 * @param {Context} context
 * @returns {Promise<string>} the version
 */
async function unpackArchive(file, unpacked, url, given, context) {
  const { key, signal } = context;
  const doing = `unpacking ${url}`;
  /** @type {string | undefined} */
  let prefix;
  /** @type {string | undefined} */
  let said;
  try {
    for await (const { path, body } of readTarball(file)) {
      if (!path.endsWith(metadataFile)) continue;
      const parts = [];
      for await (const part of body) parts.push(part);
      said = JSON.parse(Buffer.concat(parts).toString('utf8')).version;
      prefix = path.slice(0, -metadataFile.length);
    }
    if (prefix !== undefined) await unpackEngine(file, prefix, unpacked, signal, unpackProgress(file, context));
    else {
      mkdirSync(join(unpacked, 'bin'), { recursive: true });
      const target = engineTarget(process.platform, process.arch)?.triple ?? key;
      const asset = decodeURIComponent(url.slice(url.lastIndexOf('/') + 1));
      const engine = await extractEngine(file, namesInArchive(target, process.platform, asset), join(unpacked, 'bin'));
      if (engine !== undefined) {
        chmodSync(engine, 0o755);
        renameSync(engine, join(unpacked, 'bin', engineFile(process.platform)));
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOSPC' || code === 'EDQUOT') throw error;
    throw new EngineError('download', expectedGot(doing, 'an archive of a release', message), { cause: error });
  }
  if (!existsSync(join(unpacked, 'bin', engineFile(process.platform))))
    throw new EngineError('download', expectedGot(doing, `the engine for ${key}`, 'no such file in it'));
  const version = said ?? given;
  if (version === undefined || !engineVersion.test(version))
    throw new EngineError('no-version', expectedGot(doing, 'its version', `${said ?? 'none'}`, 'Give it as VERSION'));
  if (given !== undefined && version !== given)
    throw new EngineError('no-version', expectedGot(doing, `codex ${given}`, `codex ${version}`));
  return version;
}

/** The first bytes of programs, and where they say which processor they are for. */
const formats = [
  { system: 'linux', magic: '7f454c46', at: 18, x64: 0x3e, arm64: 0xb7 },
  { system: 'darwin', magic: 'cffaedfe', at: 4, x64: 0x07, arm64: 0x0c },
  { system: 'win32', magic: '4d5a', at: undefined, x64: 0, arm64: 0 },
];

/**
 * A file that is a program of another system or processor. What is of no known format may be a script.
 * @param {string} file @param {string} version
 */
function refuseOtherPlatform(file, version) {
  const head = Buffer.alloc(20);
  const open = openSync(file, 'r');
  try {
    readSync(open, head, 0, head.length, 0);
  } finally {
    closeSync(open);
  }
  const format = formats.find(({ magic }) => head.toString('hex').startsWith(magic));
  if (format === undefined) return;
  const system = process.platform === 'android' ? 'linux' : process.platform;
  const code = format.at === undefined ? undefined : head[format.at];
  const processor =
    code === undefined
      ? process.arch
      : code === format.x64
        ? 'x64'
        : code === format.arm64
          ? 'arm64'
          : `processor ${code}`;
  if (format.system === system && processor === process.arch) return;
  const [expected, got] = [`a program for ${system}-${process.arch}`, `one for ${format.system}-${processor}`];
  throw new EngineError('platform', expectedGot(`verifying codex ${version}`, expected, got));
}
