// @ts-check
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { engineFile } from './engine-layout.mjs';
import { readTarball } from './read-tarball.mjs';

/**
 * What the engine may be called in an archive of a release, the usual name first.
 * @param {string} triple
 * @param {string} platform
 * @param {string} [asset] name of the archive
 */
export function namesInArchive(triple, platform, asset) {
  const binary = engineFile(platform);
  const ending = platform === 'win32' ? '.exe' : '';
  const ofAsset = asset === undefined ? [] : [asset.replace(/\.(?:tar\.gz|tgz)$/, '')];
  return [binary, `codex/${binary}`, ...ofAsset, `codex-${triple}${ending}`];
}

/**
 * Reads a whole `.tar.gz` and extracts only the engine.
 * @param {string} archive
 * @param {readonly string[]} names names of the engine inside the archive; the first that exists is taken
 * @param {string} folder where to write the files
 * @returns {Promise<string | undefined>} the engine's file; undefined if it is not in the archive
 * @throws {import('./read-tarball.mjs').UnsafeTarEntry} @throws {Error} if the archive is broken
 */
export async function extractEngine(archive, names, folder) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for await (const { path, body } of readTarball(archive)) {
    const name = path.replace(/^(?:\.\/+)+/, '');
    if (!names.includes(name)) continue;
    const file = join(folder, `engine-${found.size}`);
    await pipeline(body, createWriteStream(file, { flags: 'w' }));
    found.set(name, file);
  }
  return names.map((name) => found.get(name)).find((file) => file !== undefined);
}
