import { type BuildOptions, build } from 'esbuild';
import { writeWhole } from '../../testing/files/write-whole.ts';

/** How programs of the harness are bundled. */
export const nodeBundle = {
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // An error's class is identified by its name.
  keepNames: true,
  logLevel: 'silent',
} as const satisfies BuildOptions;

/**
 * Bundles a driver into one JavaScript file, because loading TypeScript takes most of a second and bundling a tenth of
 * one. Returns `file`. Rejects with esbuild's error and its position.
 */
export async function bundleDriver(entry: string, file: string): Promise<string> {
  const result = await build({ ...nodeBundle, entryPoints: [entry] });
  await writeWhole(file, result.outputFiles[0]?.text ?? '');
  return file;
}
