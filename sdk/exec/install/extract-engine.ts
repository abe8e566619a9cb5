import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CodexInstallError } from '../exec-errors.ts';
import { tarFiles, UnsafeTarEntry } from './tar-entries.ts';

/**
 * Reads a whole `.tar.gz`, and writes out nothing but the engine.
 * @param names of the engine inside the archive: the first that is there is taken
 * @param folder for the files written
 * @returns the engine's file
 * @throws CodexInstallError when the archive is broken, holds something unsafe, anywhere, or not the engine
 */
export async function extractEngine(archive: string, names: readonly string[], folder: string): Promise<string> {
  const found = new Map<string, string>();
  const unzipped = createGunzip();
  try {
    await pipeline(createReadStream(archive), unzipped, async (bytes: AsyncIterable<Buffer>) => {
      for await (const entry of tarFiles(bytes)) {
        const name = entry.name.replace(/^(?:\.\/+)+/, '');
        if (!names.includes(name)) continue;
        const path = join(folder, `engine-${found.size}`);
        await pipeline(entry.read(), createWriteStream(path));
        found.set(name, path);
      }
    });
  } catch (cause) {
    if (cause instanceof UnsafeTarEntry) throw new CodexInstallError(`Unsafe tar entry: ${cause.message}`, { cause });
    throw new CodexInstallError(`Failed to extract ${archive}: ${(cause as Error).message}`, { cause });
  }
  const engine = names.map((name) => found.get(name)).find((path) => path !== undefined);
  if (engine !== undefined) return engine;
  throw new CodexInstallError(`Downloaded archive did not contain expected binary: ${names[0]}`);
}
