// @ts-check
import { createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EngineError } from './engine-error.mjs';
import { expectedGot } from './expected-got.mjs';
import { readTarball, TarError, UnsafeTarEntry } from './read-tarball.mjs';

/**
 * Puts an engine into its folder, whole or not at all: it is made beside it and renamed. The caller holds the lock file.
 * @template T
 * @param {string} folder
 * @param {string} version for the error
 * @param {AbortSignal | undefined} signal
 * @param {(partial: string, unpacked: string) => Promise<T>} make fills the folder `unpacked`, which is in `partial`
 * @returns {Promise<T>}
 * @throws {EngineError} what `make` throws, or `download`; the signal's reason when aborted
 */
export async function placeEngine(folder, version, signal, make) {
  const partial = `${folder}.partial`;
  try {
    // An interrupted process may have left it: the lock file says that nobody is writing it now.
    rmSync(partial, { recursive: true, force: true });
    const unpacked = join(partial, 'package');
    mkdirSync(partial, { recursive: true });
    const made = await make(partial, unpacked);
    signal?.throwIfAborted();
    rmSync(folder, { recursive: true, force: true });
    renameSync(unpacked, folder);
    return made;
  } catch (error) {
    signal?.throwIfAborted();
    throw asEngineError(version, error);
  } finally {
    remove(partial);
  }
}

/** A folder that cannot be written cannot be cleaned, and has nothing to clean. @param {string} folder */
function remove(folder) {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {}
}

/**
 * @param {string} tarball
 * @param {string} prefix what is left out before it is not written
 * @param {string} folder
 * @param {AbortSignal | undefined} signal
 * @param {(bytes: number) => void} [onRead] how much of the tarball has been read
 */
export async function unpackEngine(tarball, prefix, folder, signal, onRead) {
  for await (const { path, executable, body } of readTarball(tarball, onRead)) {
    signal?.throwIfAborted();
    if (!path.startsWith(prefix)) continue;
    const file = join(folder, ...path.slice(prefix.length).split('/'));
    mkdirSync(dirname(file), { recursive: true });
    await pipeline(body, createWriteStream(file, { flags: 'wx', mode: executable ? 0o755 : 0o644 }));
  }
}

/** @param {string} version @param {unknown} error */
export function asEngineError(version, error) {
  if (error instanceof EngineError) return error;
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  // What has no code is a fault of an archive, or of ours.
  if (code === undefined && !(error instanceof TarError || error instanceof UnsafeTarEntry)) return error;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const expected = full ? 'about 1 GB of free disk space' : 'a whole package and a folder that can be written';
  return new EngineError('download', expectedGot(`bringing codex ${version}`, expected, code ?? message), {
    cause: error,
  });
}
