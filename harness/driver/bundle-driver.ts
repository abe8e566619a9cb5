import { build } from 'esbuild';
import { writeWhole } from '../../testing/files/write-whole.ts';

/**
 * A driver's program as one JavaScript file: loading TypeScript takes most of a second, bundling it a tenth. Gives `file`.
 * Rejects with esbuild's error, with its place.
 */
export async function bundleDriver(entry: string, file: string): Promise<string> {
  const result = await build({
    entryPoints: [entry],
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
