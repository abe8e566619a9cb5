import { createHash } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { EngineError } from '../../native/engine-error.mjs';
import { type EngineBuild, type EngineBuilds, engineVersion, readEngineLock } from '../../native/engine-lock.mjs';
import { expectedGot } from '../../native/expected-got.mjs';
import { binaryIn, downloadPackage, enginePackage, platformPackage, viewPackage } from '../../native/npm-package.mjs';
import { type PlatformKey, platformKeys } from '../../native/platform.mjs';
import { readTarball } from '../../native/read-tarball.mjs';

export interface AddOptions {
  /** The repository's folder: npm runs there, so that its settings are the user's. */
  root: string;
  lockFile: string;
  env: NodeJS.ProcessEnv;
  /** Also makes it the pin. */
  pin: boolean;
  log: (line: string) => void;
  /** Default: every platform that has an engine. */
  platforms?: readonly PlatformKey[];
  signal?: AbortSignal;
}

/**
 * Adds an engine to the lock, or checks the one that is there. The lock is replaced in one go, once every platform's binary was hashed.
 * @returns what was done, as a sentence
 * @throws EngineError when the registry has no such version or does not answer, or what it has is not what the lock says of a published version
 */
export async function addEngine(version: string, options: AddOptions): Promise<string> {
  if (!engineVersion.test(version))
    throw new EngineError(
      'lock',
      expectedGot('adding an engine', 'a version such as 0.171.0', JSON.stringify(version)),
    );
  const { optionalDependencies } = await viewPackage(`${enginePackage}@${version}`, options);
  const builds: EngineBuilds = {};
  const platforms = options.platforms ?? platformKeys;
  for (const [at, key] of platforms.entries()) {
    const step = `(${at + 1} of ${platforms.length})`;
    builds[key] = await hashPlatform(platformPackage(version, key, optionalDependencies), step, options);
  }
  // Read again: another engine may have been added meanwhile.
  const lock = readEngineLock(options.lockFile);
  const known = lock.engines[version];
  if (known !== undefined && !isDeepStrictEqual(known, builds)) {
    const changed = platforms.filter((key) => !isDeepStrictEqual(known[key], builds[key]));
    const got = `other packages for ${changed.join(', ')}`;
    const advice =
      'A published version never changes: find out which of the two is right before you remove it from the lock';
    throw new EngineError('wrong-hash', expectedGot(`adding codex ${version}`, 'what the lock says', got, advice));
  }
  const engines = Object.fromEntries(
    Object.entries({ ...lock.engines, [version]: builds }).sort(([a], [b]) =>
      a.localeCompare(b, 'en', { numeric: true }),
    ),
  );
  const pin = options.pin ? version : lock.pin;
  // The contract of a new engine comes from `npm run generate`.
  const { officialPair, identities } = lock;
  writeWhole(options.lockFile, `${JSON.stringify({ pin, officialPair, engines, identities }, null, 2)}\n`);
  const done = known === undefined ? 'added to the lock' : 'as the lock says';
  return `codex ${version}: ${done}${options.pin ? '; it is the pin' : ''}.`;
}

async function hashPlatform(npm: string, step: string, options: AddOptions): Promise<EngineBuild> {
  const { integrity } = await viewPackage(npm, options);
  options.log(`Downloading ${npm} ${step} …`);
  const folder = mkdtempSync(path.join(tmpdir(), 'twinproof-pin-'));
  try {
    const tarball = await downloadPackage(npm, integrity, folder, options);
    for await (const { path: name, body } of readTarball(tarball)) {
      options.signal?.throwIfAborted();
      const found = binaryIn(name);
      if (found === undefined) continue;
      const hash = createHash('sha256');
      for await (const part of body) hash.update(part);
      return { npm, npmIntegrity: integrity, ...found, sha256: hash.digest('hex') };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  throw new EngineError('download', expectedGot(`reading ${npm}`, 'vendor/TARGET/bin/codex', 'no such file in it'));
}

function writeWhole(file: string, text: string): void {
  const beside = `${file}.${process.pid}`;
  try {
    writeFileSync(beside, text);
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
