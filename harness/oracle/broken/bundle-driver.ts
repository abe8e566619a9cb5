import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeWhole } from '../../../testing/files/write-whole.ts';

let bundled: Promise<string> | undefined;

/**
 * The broken driver as one JavaScript file in `folder`, bundled once a process; gives its path. Each break needs a driver of its own, and loading
 * TypeScript takes most of a second. Rejects with esbuild's error, with its place.
 */
export function bundleBrokenDriver(folder: string): Promise<string> {
  bundled ??= bundle(path.join(folder, 'broken-driver.mjs'));
  return bundled;
}

async function bundle(file: string): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('broken-driver.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // An error's class is told by its name.
    keepNames: true,
    logLevel: 'silent',
  });
  await writeWhole(file, result.outputFiles[0]?.text ?? '');
  return file;
}
