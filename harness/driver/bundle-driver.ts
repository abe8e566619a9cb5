import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuildOptions, Plugin } from 'esbuild';
import { writeWhole } from '../../testing/files/write-whole.ts';
import { keptBundle, type Made, root } from './kept-bundle.ts';

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
 * one. Packages are not part of it: `file` must be where Node finds them. Returns `file`. Rejects with esbuild's error and its position.
 */
export async function bundleDriver(entry: string, file: string): Promise<string> {
  await writeWhole(file, (await driverBundle(entry)).text);
  return file;
}

/** The same, kept as long as no source of it changes. */
export async function keptDriver(entry: string, file: string): Promise<string> {
  await keptBundle(file, () => driverBundle(entry));
  return file;
}

async function driverBundle(entry: string): Promise<Made> {
  // Loaded only where it has something to do.
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    ...nodeBundle,
    entryPoints: [entry],
    absWorkingDir: root,
    metafile: true,
    packages: 'external',
    plugins: [located],
  });
  const inputs = [...Object.keys(metafile.inputs), path.relative(root, fileURLToPath(import.meta.url))];
  return { text: outputFiles[0]?.text ?? '', inputs };
}

/** Each module of the repository knows where its source is. */
const located: Plugin = {
  name: 'located',
  setup(setup) {
    setup.onLoad({ filter: /\.m?[jt]s$/ }, async ({ path: file }) => {
      const contents = (await readFile(file, 'utf8'))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)));
      return { contents, loader: 'default' };
    });
  },
};
