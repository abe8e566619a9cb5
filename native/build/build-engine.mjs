// @ts-check
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { originFile } from '../check-engine.mjs';
import { EngineError } from '../engine-error.mjs';
import { engineTarget, metadataFile } from '../engine-layout.mjs';
import { readEngineLock } from '../engine-lock.mjs';
import { expectedGot } from '../expected-got.mjs';
import { withLockFile } from '../lock-file.mjs';
import { asEngineError, placeEngine } from '../place-engine.mjs';
import { platformKey } from '../platform.mjs';
import { userEnginesFolder } from '../user-cache.mjs';
import { hashEngine } from '../verify-engine.mjs';
import { asTyped, dockerCall, dockerPlatforms } from './docker.mjs';
import { run } from './git.mjs';
import { ensureSource, makeTree, removeTree } from './source.mjs';
import { checkToolchain, toolchainOf } from './toolchain.mjs';

/**
 * @typedef {object} BuildOptions
 * @property {string} root the repository's folder
 * @property {string} [version] of the lock; default: the pin
 * @property {string} [commit] 40 hexadecimal digits; default: the lock's. Where that has none it must be given: no commit is guessed
 * @property {string} [target] Rust's name of the platform; default: this machine's own
 * @property {boolean} [docker] builds in a container; default: for another Linux than this machine
 * @property {boolean} [print] returns the call of docker and runs nothing of it
 * @property {NodeJS.ProcessEnv} [env]
 * @property {(line: string) => void} [log]
 * @property {AbortSignal} [signal]
 * @property {import('../engine-lock.mjs').EngineLock} [lock]
 */

/**
 * @typedef {object} Built
 * @property {string} version
 * @property {string} commit
 * @property {string} target
 * @property {string} key what it was made of: commit, patches, toolchain and target
 * @property {string} path of the engine
 * @property {string} sha256
 * @property {boolean} built false if the same was built before
 */

/**
 * Builds an engine from its source, with the patches of `native/patches/codex-rs`. For this machine it is put where the SDK finds it, after a published one
 * of the same version; for another it stays in `.cache/build`.
 * @param {BuildOptions} options
 * @returns {Promise<Built | { print: string }>}
 * @throws {EngineError} `build`; the signal's reason when aborted
 */
export async function buildEngine(options) {
  const { root, env = process.env, log = () => {}, signal, lock = readEngineLock(), docker } = options;
  const version = options.version ?? lock.pin;
  const commit = commitOf(version, options.commit, lock);
  const own = hostTarget();
  const target = options.target ?? own;
  const context = { root, env, log, ...(signal && { signal }) };
  const cache = join(root, '.cache', 'build');
  const inDocker = docker ?? target !== own;
  if (inDocker && !Object.hasOwn(dockerPlatforms, target)) {
    const expected = `one of ${[...new Set([own, ...Object.keys(dockerPlatforms)])].join(', ')}`;
    throw new EngineError('build', expectedGot('choosing the target', expected, target));
  }
  const onWait = (/** @type {number} */ pid) => log(`Waiting for process ${pid}, which builds an engine …`);
  try {
    return await withLockFile(join(cache, 'build.lock'), { onWait, ...(signal && { signal }) }, async () => {
      await ensureSource(commit, context);
      const patches = patchesOf(root);
      const tree = join(cache, 'source');
      if (patches.length > 0) log(`Applying ${patches.length} ${patches.length === 1 ? 'patch' : 'patches'} …`);
      await makeTree(commit, patches, tree, context);
      try {
        const channel = toolchainOf(join(tree, 'codex-rs'));
        const rust = inDocker ? `rust:${channel}-alpine` : await checkToolchain(channel, context);
        const key = keyOf([commit, rust, target, ...patches.map((file) => readFileSync(file, 'utf8'))]);
        const targetFolder = join(cache, 'target', inDocker ? 'docker' : 'host');
        const named = inDocker || target !== own;
        const cargo = ['build', '--release', '--locked', '--bin', 'codex', ...(named ? ['--target', target] : [])];
        const file = target.includes('windows') ? 'codex.exe' : 'codex';
        const user = process.getuid && process.getgid ? { uid: process.getuid(), gid: process.getgid() } : undefined;
        const call = inDocker
          ? dockerCall({
              ...{ tree, targetFolder, cargoHome: join(cache, 'cargo'), channel, cargo, user },
              target: /** @type {keyof typeof dockerPlatforms} */ (target),
            })
          : [];
        if (options.print === true) return { print: asTyped(['docker', ...call]) };
        // Without a target, cargo builds for what rustc calls its host.
        const builtFor = named ? target : (/^host: (.*)$/m.exec(rust)?.[1] ?? target);
        const made = { version, commit, target: builtFor, key };
        const kept = join(cache, 'made', key, file);
        const known = existsSync(kept);
        if (!known) {
          for (const folder of [targetFolder, join(cache, 'cargo')]) mkdirSync(folder, { recursive: true });
          log(`Building codex at ${commit.slice(0, 12)} for ${target}${inDocker ? ' with docker' : ''} …`);
          const logFile = join(cache, 'build.log');
          const building = { ...context, cwd: join(tree, 'codex-rs'), logFile };
          if (inDocker) await run('building the engine', 'docker', call, building);
          else
            await run('building the engine', 'cargo', [`+${channel}`, ...cargo], {
              ...building,
              env: { ...env, CARGO_TARGET_DIR: targetFolder },
            });
          keep(join(targetFolder, ...(named ? [target] : []), 'release', file), kept);
        }
        const path = target === own ? await offer(kept, made, env, signal) : kept;
        return { ...made, path, sha256: await hashEngine(path, undefined), built: !known };
      } finally {
        await removeTree(tree, context);
      }
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw asEngineError(version, error);
  }
}

/**
 * The commit of a version: the one that is given, otherwise the lock's.
 * @param {string} version
 * @param {string | undefined} given
 * @param {import('../engine-lock.mjs').EngineLock} lock
 * @returns {string}
 * @throws {EngineError} `build`: it is none, or nobody has said one
 */
export function commitOf(version, given, lock) {
  const doing = `choosing the commit of codex ${version}`;
  if (given !== undefined) {
    if (/^[0-9a-f]{40}$/.test(given)) return given;
    throw new EngineError('build', expectedGot(doing, 'a commit of 40 hexadecimal digits', given));
  }
  const commit = lock.identities?.[version]?.commit;
  if (commit) return commit;
  const advice = 'Give it by --commit, and enter it in native/engine.lock.json once it is proven';
  throw new EngineError('build', expectedGot(doing, 'one in the lock', 'none', advice));
}

/** @throws {EngineError} `platform` */
function hostTarget() {
  const target = engineTarget(process.platform, process.arch);
  if (target === undefined)
    throw new EngineError(
      'platform',
      expectedGot('choosing the target', 'a platform with an engine', `${process.platform}-${process.arch}`),
    );
  return target.triple;
}

/** In the order of their names. @param {string} root */
function patchesOf(root) {
  const folder = join(root, 'native', 'patches', 'codex-rs');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.endsWith('.patch'))
    .sort()
    .map((name) => join(folder, name));
}

/** @param {readonly string[]} parts */
const keyOf = (parts) => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);

/** Whole or not at all. @param {string} from @param {string} kept */
function keep(from, kept) {
  if (!existsSync(from))
    throw new EngineError(
      'build',
      expectedGot('building the engine', from, 'no such file', 'The workspace needs a binary "codex"'),
    );
  mkdirSync(join(kept, '..'), { recursive: true });
  copyFileSync(from, `${kept}.part`);
  chmodSync(`${kept}.part`, 0o755);
  renameSync(`${kept}.part`, kept);
}

/**
 * Puts it where the SDK finds it.
 * @param {string} kept
 * @param {{ version: string, commit: string, target: string, key: string }} made
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal | undefined} signal
 */
async function offer(kept, { version, commit, target, key }, env, signal) {
  const folder = join(userEnginesFolder({ env }), version, `${platformKey()}-built`);
  const name = process.platform === 'win32' ? 'codex.exe' : 'codex';
  mkdirSync(join(folder, '..'), { recursive: true });
  await placeEngine(folder, version, signal, async (_, unpacked) => {
    mkdirSync(join(unpacked, 'bin'), { recursive: true });
    const binary = join(unpacked, 'bin', name);
    copyFileSync(kept, binary);
    chmodSync(binary, 0o755);
    const write = (/** @type {string} */ file, /** @type {object} */ value) =>
      writeFileSync(join(unpacked, file), `${JSON.stringify(value, null, 2)}\n`);
    write(metadataFile, { layoutVersion: 1, version, target, entrypoint: `bin/${name}` });
    write(originFile, { version, sha256: await hashEngine(binary, undefined), from: `built from ${commit} (${key})` });
  });
  return join(folder, 'bin', name);
}
