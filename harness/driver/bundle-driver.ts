import { writeWhole } from '../../testing/files/write-whole.ts';
import { bundleProgram } from './bundle-program.mjs';

/**
 * Bundles a driver into one JavaScript file, because loading TypeScript takes most of a second and bundling a tenth of
 * one. Packages are not part of it: `file` must be where Node finds them. Returns `file`. Rejects with esbuild's error and its position.
 */
export async function bundleDriver(entry: string, file: string): Promise<string> {
  await writeWhole(file, (await bundleProgram(entry)).text);
  return file;
}
